/**
 * Why a replica beyond the passes is wanted. `skipped` a pass went past it, `lost` its holder is gone, `opinion` others disagreed, `check` the lottery drew it,
 * `verify` its device was found out, `again` its shard was revoked, `shadow` a newcomer in quarantine may show itself by it, `tail` its holder is slow.
 */
export const WANTED_KINDS = ["skipped", "lost", "opinion", "check", "verify", "again", "shadow", "tail"] as const;
export type WantedKind = (typeof WANTED_KINDS)[number];

/** Who may take a wanted replica: any device, established ones, trusted ones, or newcomers in quarantine. */
export const LANES = ["any", "established", "trusted", "quarantined"] as const;
