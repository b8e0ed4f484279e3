/** What an operator can do to an instance, its jobs, programs and accounts, as the log of acts names it. */
export const OPERATOR_ACTS = [
  "stop",
  "resume",
  "hold_job",
  "take_down_job",
  "allow_job",
  "deny_job",
  "allow",
  "deny",
  "remove_rule",
  "post_incident",
  "end_incident",
] as const;
export type OperatorAct = (typeof OPERATOR_ACTS)[number];
