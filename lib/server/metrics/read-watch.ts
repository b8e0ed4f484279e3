import "server-only";
import { statfs } from "node:fs/promises";
import { isEpochOver } from "#lib/domain/payouts/epoch-state.ts";
import { onEveryChain } from "../chain/choose-chain.ts";
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
  /** Of several chains the worst figure each. */
  chain: { followedS: number | null; frozen: boolean; behindBlocks: number } | null;
  /** Age of the oldest of the newest epochs of each chain that is not over; 0 where none waits. */
  epochS: number | null;
  counted: { accepted: number; failed: number; replicas: number; wrong: number } | null;
  /** Free bytes where artifacts lie; null where they lie in a bucket. */
  blobFreeBytes: number | null;
};

/** Ended jobs whose books are still open so long after their end: a grant lives six hours at most. */
const UNCLOSED_MS = 7 * 3_600_000;
const INCIDENTS_MAX = 100;

/** Reads what the alert rules look at. */
export async function readWatch(services: Services): Promise<Watch> {
  const { db, clock, config } = services;
  const now = clock.now();
  const age = (at: Date | null) => (at ? Math.max(0, (now.getTime() - at.getTime()) / 1000) : null);
  const [duties, stop, incidents, reviews, unclosedJobs, chain, epochS, counted, blobFreeBytes] = await Promise.all([
    listDuties(db),
    findStop(db),
    listIncidents(db, now, INCIDENTS_MAX),
    countWaiting(db),
    countUnclosed(db, new Date(now.getTime() - UNCLOSED_MS)),
    config.pool ? readChains(services, age) : null,
    config.pool ? readEpochAge(services, age) : null,
    findLastSample(db),
    config.blobFolder ? freeBytes(config.blobFolder) : null,
  ]);
  return {
    duties: duties.map(({ name, doneAt, failures }) => ({ name, ageS: age(doneAt), failures })),
    stopped: stop !== null,
    openIncidents: incidents.filter(({ endedAt }) => endedAt === null).length,
    reviews: { count: reviews.count, oldestS: age(reviews.oldest) ?? 0 },
    unclosedJobs,
    chain,
    epochS,
    counted,
    blobFreeBytes,
  };
}

type Age = (at: Date | null) => number | null;

async function readChains(services: Services, age: Age): Promise<Watch["chain"]> {
  const chains = await Promise.all(onEveryChain(services).map(({ db, config }) => findChain(db, config.chain.id)));
  const seen = chains.filter((chain) => chain !== null);
  if (seen.length === 0) return null;
  const ages = seen.map(({ followedAt }) => age(followedAt)).filter((ageS) => ageS !== null);
  return {
    // That a chain was never followed shows in the duty that fails.
    followedS: ages.length > 0 ? Math.max(...ages) : null,
    frozen: seen.some(({ frozen }) => frozen !== null),
    behindBlocks: Math.max(0, ...seen.map(({ head, nextBlock }) => head - nextBlock + 1)),
  };
}

async function readEpochAge(services: Services, age: Age): Promise<number> {
  const epochs = await Promise.all(onEveryChain(services).map(({ db, config }) => findLatestEpoch(db, config.chain.id)));
  return Math.max(0, ...epochs.map((epoch) => (epoch && !isEpochOver(epoch.state) ? (age(epoch.cutAt) ?? 0) : 0)));
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
