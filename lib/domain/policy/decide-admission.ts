/** Whose jobs an operator looks at before they run: nobody's, the first of each account, or every one whose program or account is not allowed yet. */
export const PROGRAM_REVIEWS = ["off", "first-job", "all"] as const;
export type ProgramReview = (typeof PROGRAM_REVIEWS)[number];

export const RULE_KINDS = ["program", "account"] as const;
export const RULE_VERDICTS = ["allow", "deny"] as const;
export type RuleVerdict = (typeof RULE_VERDICTS)[number];
/** What an operator decided about a program (by digest) or an account (by address), with the reason that whoever meets it reads. */
export type PolicyRule = { kind: (typeof RULE_KINDS)[number]; verdict: (typeof RULE_VERDICTS)[number]; reason: string };

export type Admission = { kind: "run" } | { kind: "wait" } | { kind: "denied"; what: PolicyRule["kind"]; reason: string };

/**
 * Whether a submitted job may run at once, waits for an operator, or is refused. `rules` are those about its program and its account. A denial wins over an
 * allowance; `wasAdmitted` says whether an earlier job of the account was let run. What a pool keeps to itself is its own affair and never waits.
 */
export function decideAdmission(review: ProgramReview, rules: readonly PolicyRule[], job: { wasAdmitted: boolean; isPublic: boolean }): Admission {
  const denied = rules.find((rule) => rule.verdict === "deny");
  if (denied) return { kind: "denied", what: denied.kind, reason: denied.reason };
  const isKnown = rules.length > 0 || (review === "first-job" && job.wasAdmitted);
  return review === "off" || !job.isPublic || isKnown ? { kind: "run" } : { kind: "wait" };
}
