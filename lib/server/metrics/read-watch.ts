import "server-only";
import { statfs } from "node:fs/promises";
import { isEpochOver } from "#lib/domain/payouts/epoch-state.ts";
import type { Services } from "../context.ts";
import { listDuties } from "../operations/duty-store.ts";
import { findChain } from "../operations/figure-store.ts";
import { listIncidents } from "../operations/incident-store.ts";
import { findLatestEpoch } from "../payouts/epoch-store.ts";
import { findStop } from "../policy/stop-store.ts";
import { countUnclosed, countWaiting, findLastSample } from "./watch-store.ts";

/** What an operator is woken for. Times are seconds; null where there is nothing to measure. */
export type Watch = {
  duties: { name: string; ageS: number | null; failures: number }[];
  stopped: boolean;
  openIncidents: number;
  reviews: { count: number; oldestS: number };
  unclosedJobs: number;
  chain: { followedS: number | null; frozen: boolean; behindBlocks: number } | null;
  /** Age of the newest epoch that is not over; 0 where none waits. */
  epochS: number | null;
  counted: { accepted: number; failed: number; replicas: number; wrong: number } | null;
  /** Free bytes where artifacts lie; null where they lie in a bucket. */
  blobFreeBytes: number | null;
};

/** Ended jobs whose books are still open so long after their end: a grant lives six hours at most. */
const UNCLOSED_MS = 7 * 3_600_000;
const INCIDENTS_MAX = 100;

/** Reads what the alert rules look at. */
export async function readWatch({ db, clock, config }: Services): Promise<Watch> {
  const now = clock.now();
  const age = (at: Date | null) => (at ? Math.max(0, (now.getTime() - at.getTime()) / 1000) : null);
  const [duties, stop, incidents, reviews, unclosedJobs, chain, epoch, counted, blobFreeBytes] = await Promise.all([
    listDuties(db),
    findStop(db),
    listIncidents(db, now, INCIDENTS_MAX),
    countWaiting(db),
    countUnclosed(db, new Date(now.getTime() - UNCLOSED_MS)),
    config.pool ? findChain(db, config.chain.id) : null,
    config.pool ? findLatestEpoch(db, config.chain.id) : null,
    findLastSample(db),
    config.blobFolder ? freeBytes(config.blobFolder) : null,
  ]);
  return {
    duties: duties.map(({ name, doneAt, failures }) => ({ name, ageS: age(doneAt), failures })),
    stopped: stop !== null,
    openIncidents: incidents.filter(({ endedAt }) => endedAt === null).length,
    reviews: { count: reviews.count, oldestS: age(reviews.oldest) ?? 0 },
    unclosedJobs,
    chain: chain && { followedS: age(chain.followedAt), frozen: chain.frozen !== null, behindBlocks: Math.max(0, chain.head - chain.nextBlock + 1) },
    epochS: config.pool ? (epoch && !isEpochOver(epoch.state) ? age(epoch.cutAt) : 0) : null,
    counted,
    blobFreeBytes,
  };
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
