/**
 * Why a replica beyond the passes is wanted. `skipped` a pass went past it, `lost` its holder is gone, `opinion` others disagreed, `check` the lottery drew it,
 * `verify` its device was found out, `again` its shard was revoked, `shadow` a newcomer in quarantine may show itself by it, `tail` its holder is slow.
 */
export const WANTED_KINDS = ["skipped", "lost", "opinion", "check", "verify", "again", "shadow", "tail"] as const;
export type WantedKind = (typeof WANTED_KINDS)[number];

/** Who may take a wanted replica: any device, established ones, trusted ones, or newcomers in quarantine. */
export const LANES = ["any", "established", "trusted", "quarantined"] as const;
export type Lane = (typeof LANES)[number];

/** Kinds that repeat a shard which has a verdict. */
export const REPEATING_KINDS = ["check", "verify", "shadow"] as const satisfies readonly WantedKind[];

/** In which order wants of a job are granted; the smaller first. */
export const PRIORITIES: Readonly<Record<WantedKind, number>> = { again: 0, verify: 0, skipped: 1, lost: 1, opinion: 1, tail: 1, check: 2, shadow: 3 };

export type Asker = { isTrusted: boolean; isEstablished: boolean; isQuarantined: boolean };

/** What a device may take: a newcomer in quarantine repeats shards of others and nothing else, an established one also checks, a trusted one does all but that. */
export function lanesFor({ isTrusted, isEstablished, isQuarantined }: Asker): Lane[] {
  if (isTrusted) return ["any", "established", "trusted"];
  if (isQuarantined) return ["quarantined"];
  return isEstablished ? ["any", "established"] : ["any"];
}
