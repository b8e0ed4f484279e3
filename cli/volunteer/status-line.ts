import type { EngineSnapshot } from "#workers/volunteer/engine-contract.ts";

/** One line on what a headless device does. */
export function statusLine({ phase, reason, perExecutor, cores, counts, ratePerMinute, jobs }: EngineSnapshot): string {
  const busy = perExecutor.filter((running) => running !== null).length;
  const parts = [`${phase}: ${busy} of ${cores} ${cores === 1 ? "core" : "cores"} busy`, `${counts.finished} shards run, ${counts.taken} taken`];
  if (counts.late > 0) parts.push(`${counts.late} late`);
  if (counts.failed > 0) parts.push(`${counts.failed} failed`);
  parts.push(`${ratePerMinute.toFixed(1)} per minute`);
  if (jobs.length > 0) parts.push(jobs.map((job) => job.name).join(", "));
  if (reason) parts.push(reason.message);
  return parts.join(" · ");
}
