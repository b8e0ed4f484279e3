/**
 * The life of an epoch. Each step follows from what the one before stored, so that a process may die anywhere and another goes on.
 *
 * | state | what is fixed | next |
 * |---|---|---|
 * | `cut` | whose earnings, from which budgets | `leaves` |
 * | `leaves` | the list of accounts and what each has earned in all | `tree` |
 * | `tree` | all nodes, the root | `file` |
 * | `file` | the public file, its SHA-256 | `proposed`, when the chain has confirmed it |
 * | `proposed` | since when it can be vetoed, and until when | `finalized` or `vetoed`, as the chain confirms |
 * | `finalized` | claims hold | – |
 * | `vetoed` | everything was booked back | – |
 */
export const EPOCH_STATES = ["cut", "leaves", "tree", "file", "proposed", "finalized", "vetoed"] as const;
export type EpochState = (typeof EPOCH_STATES)[number];

/** Whether nothing will change any more. */
export function isEpochOver(state: EpochState): boolean {
  return state === "finalized" || state === "vetoed";
}
