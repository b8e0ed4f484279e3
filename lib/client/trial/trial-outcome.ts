import type { CompareRule } from "#lib/domain/compare/compare-rule.ts";
import { coversRule } from "#lib/domain/compare/covers-rule.ts";
import type { Difference } from "#lib/domain/compare/describe-difference.ts";
import type { ErrandEnd } from "#lib/domain/errand/errand.ts";
import type { ShardOutcome } from "#workers/executor/executor-contract.ts";

/** How a run in the owner's own tab ended; `timeout` when it overran its limit. */
export type TrialOutcome = ShardOutcome | { status: "timeout"; stderr: string; durationMs: number };

/** A shard that ran twice: how each run ended, and where their outputs differ; null where they are equal, or where there are not two outputs. */
export type TrialShard = { no: number; runs: [TrialOutcome, TrialOutcome]; difference: Difference | null };

/** What a trusted device made of a shard that this tab ran. `difference` is null where both are the same, and where the outputs are too large to be compared here. */
export type TrustedShard = { no: number; isSame: boolean; ended: Omit<ErrandEnd, "stderr">; difference: Difference | null };

/** Whether both runs ended alike and, where they wrote an output, with the same bytes. */
export function isAlike({ runs: [a, b], difference }: TrialShard): boolean {
  if (a.status !== b.status || difference !== null) return false;
  if (a.status === "exit_code" && b.status === "exit_code") return a.exitCode === b.exitCode;
  return a.status === "trap" && b.status === "trap" ? a.trap === b.trap : true;
}

/** Whether outputs that differ so agree under the comparison in use; undefined is that of bytes. */
export function isForgiven(difference: Difference | null, inUse: CompareRule | undefined): boolean {
  return inUse !== undefined && difference !== null && difference.rule !== null && coversRule(inUse, difference.rule);
}

/** What a trial that goes on no more shows; `stopped` where it ended before all of its shards, and none of those that ran tells otherwise. */
export type TrialVerdict = "unlike" | "stopped" | "alikeByRule" | "alikeFailing" | "alike";

/** What is to be said of a trial that was to run so many shards. A shard whose runs differ comes first: no further one takes that back. */
export function judgeTrial({ shards, wanted }: { shards: readonly TrialShard[]; wanted: number }, inUse: CompareRule | undefined): TrialVerdict {
  const unlike = shards.filter((shard) => !isAlike(shard));
  if (unlike.some(({ difference }) => !isForgiven(difference, inUse))) return "unlike";
  if (shards.length < wanted) return "stopped";
  if (unlike.length > 0) return "alikeByRule";
  return shards.every(({ runs }) => runs[0].status === "ok") ? "alike" : "alikeFailing";
}

/** How long each shard that ended well took, in milliseconds: the quicker of its two runs, because the first of a program also compiles it. */
export function timingsOf(shards: readonly TrialShard[]): number[] {
  return shards.flatMap(({ runs }) => (runs.every(({ status }) => status === "ok") ? [Math.min(...runs.map(({ durationMs }) => durationMs))] : []));
}
