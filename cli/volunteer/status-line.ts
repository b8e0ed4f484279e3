import type { EngineSnapshot } from "#workers/volunteer/engine-contract.ts";

/** One line on what a headless device does. */
export function statusLine({ phase, reason, perExecutor, cores, counts, ratePerMinute, jobs, share, keptResults, lastRefusal }: EngineSnapshot): string {
  const busy = perExecutor.filter((running) => running !== null).length;
  const parts = [`${phase}: ${busy} of ${cores} ${cores === 1 ? "core" : "cores"} busy`, `${counts.finished} shards run, ${counts.taken} taken`];
  if (counts.late > 0) parts.push(`${counts.late} late`);
  if (counts.refused > 0) parts.push(`${counts.refused} refused${lastRefusal ? ` (${lastRefusal.problem})` : ""}`);
  if (counts.failed > 0) parts.push(`${counts.failed} failed`);
  if (keptResults > 0) parts.push(`${keptResults} kept until the instance has them`);
  parts.push(`${ratePerMinute.toFixed(1)} per minute`);
  if (share.requestedShare < 1) parts.push(shareWords(share));
  if (jobs.length > 0) parts.push(jobs.map((job) => job.name).join(", "));
  if (reason) parts.push(reason.message);
  return parts.join(" · ");
}

function shareWords({ requestedShare, actualShare, isApproximate }: EngineSnapshot["share"]): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return `${actualShare === null ? "–" : percent(actualShare)} of ${percent(requestedShare)} asked for${isApproximate ? " (approximate: this program cannot rest inside a shard)" : ""}`;
}
