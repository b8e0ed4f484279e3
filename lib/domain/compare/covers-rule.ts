import type { CompareRule } from "./compare-rule.ts";
import type { ProposedRule } from "./describe-difference.ts";

/** Whether outputs that agree under the rule that is needed agree under the used one too. */
export function coversRule(used: CompareRule, needed: ProposedRule): boolean {
  if (used.kind === "numeric" && needed.kind === "numeric") return used.elements === needed.elements && used.ulp >= needed.ulp && isAsWide(used, needed);
  if (used.kind === "text" && needed.kind === "text") return (used.ignoreTrailingSpace || !needed.ignoreTrailingSpace) && isAsWide(used, needed);
  return false;
}

function isAsWide(used: ProposedRule, needed: ProposedRule): boolean {
  return used.absolute >= needed.absolute && used.relative >= needed.relative;
}
