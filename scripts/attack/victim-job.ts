import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "#bench/trust/random.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import type { Job } from "#sdk/job.ts";
import type { Shoal } from "#sdk/shoal.ts";
import { answerOf, SHOUTING_PROGRAM } from "../light-devices/shouting.ts";

/** What a device is paid for one result, in micro-units. */
export const PRICE_MICRO = 100;
const LOOK_EVERY_MS = 500;

/** A job whose right outputs are known before it runs. */
export type VictimJob = { job: Job; truths: readonly Buffer[] };

/** Submits one of so many shards under a topic of its own. */
export async function submitVictim(shoal: Shoal, of: { topic: string; assurance: AssuranceClass; shards: number; random: Random }): Promise<VictimJob> {
  const { topic, assurance, shards, random } = of;
  const lines = Array.from({ length: shards }, () => `somebody lies about ${random.below(1_000_000)}\n`);
  const job = await shoal.run({
    name: "Attack",
    topic,
    program: SHOUTING_PROGRAM,
    args: ["{shard}"],
    input: lines.join(""),
    slicing: { mode: "lines", linesPerShard: 1 },
    price: { replicaMicro: String(PRICE_MICRO) },
    verification: { assurance },
  });
  return { job, truths: lines.map((line, no) => answerOf(no, Buffer.from(line))) };
}

/** Waits until a job has no shard left to compute, or until nothing of it can change any more; null when it takes too long. */
export async function waitFor({ job }: VictimJob, until: "computed" | "final", signal: AbortSignal): Promise<JobView | null> {
  while (!signal.aborted) {
    const view = await job.view({ signal }).catch(() => null);
    if (view && (!isOpen(view.state) || view.state === until)) return view;
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

export type Wrong = { final: number; wrongFinal: number; wrongProvisional: number };

/** Of a job that has no shard left to compute: how many results are final, how many of these are not what the program writes, and how many of the others. */
export async function countWrong({ job, truths }: VictimJob, signal: AbortSignal): Promise<Wrong> {
  const count: Wrong = { final: 0, wrongFinal: 0, wrongProvisional: 0 };
  for await (const result of job.results({ signal })) {
    const isWrong = !result.ok || !truths[result.no]?.equals(result.bytes);
    if (result.final) count.final += 1;
    if (isWrong) count[result.final ? "wrongFinal" : "wrongProvisional"] += 1;
  }
  return count;
}
