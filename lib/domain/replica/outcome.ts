/** Outcomes that are results: they vote, because every honest device reaches the same one for the same shard. */
export const VOTING_OUTCOMES = ["ok", "exit_code", "trap", "output_limit", "no_output"] as const;

/** Outcomes that speak about the machine, not about the shard: they never vote. */
export const MACHINE_OUTCOMES = ["timeout", "out_of_memory", "crashed"] as const;

/** How the run of a replica can end; the closed list. */
export const OUTCOMES = [...VOTING_OUTCOMES, ...MACHINE_OUTCOMES] as const;

export type VotingOutcome = (typeof VOTING_OUTCOMES)[number];
export type MachineOutcome = (typeof MACHINE_OUTCOMES)[number];
export type Outcome = (typeof OUTCOMES)[number];

/** Whether the outcome counts as a vote of its device about the shard. */
export function isVotingOutcome(outcome: Outcome): outcome is VotingOutcome {
  return (VOTING_OUTCOMES as readonly Outcome[]).includes(outcome);
}

/** Whether the outcome tells about the machine only. */
export function isMachineOutcome(outcome: Outcome): outcome is MachineOutcome {
  return (MACHINE_OUTCOMES as readonly Outcome[]).includes(outcome);
}
