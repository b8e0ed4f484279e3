import "server-only";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import { acceptedWithin, COUNT_AGE_MS_MAX, latestCount, type NetworkCount, ratesBetween } from "#lib/domain/network/counts.ts";
import { decideWait, isOffered } from "#lib/domain/network/decide-wait.ts";
import { type CoreCount, estimateEnergy, WATTS_PER_CORE } from "#lib/domain/network/energy.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { getNetworkJob as getNetworkJobEndpoint, NetworkJob, NetworkView } from "#lib/protocol/network/network.ts";
import type { Context, Services } from "../context.ts";
import { DEVICE_TOKEN_TTL_MS } from "../devices/device-token.ts";
import { HeldReading } from "./held-reading.ts";
import { countDevices, listCoreCounts, listRunningJobs, listSamples, type RunningJobRow } from "./network-store.ts";

const HELD_MS_MAX = 2000;
const JOBS_MAX = 20;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const held = new HeldReading(HELD_MS_MAX, readNetwork);

/** What the instance does now, for everybody; at most two seconds old. Nothing but the energy is estimated, and what is not known is null. */
export async function getNetwork(ctx: Context): Promise<NetworkView> {
  return await held.get(ctx);
}

type JobEndpoint = typeof getNetworkJobEndpoint;

/** A running job for somebody who was sent a link to it; null where no such job runs. */
export async function getNetworkJob({ db, clock }: Context, { jobId }: InputOf<JobEndpoint>): Promise<OutputOf<JobEndpoint>> {
  const { jobs } = await listRunningJobs(db, { now: clock.now(), limit: 1, jobId });
  return { job: jobs[0] ? toNetworkJob(jobs[0]) : null };
}

async function readNetwork({ db, clock }: Services): Promise<NetworkView> {
  const now = clock.now();
  const before = (ms: number) => new Date(now.getTime() - ms);
  const [devices, counts, coreCounts, running] = await Promise.all([
    countDevices(db, { now, seenSince: before(DEVICE_TOKEN_TTL_MS) }),
    // The hour ends with the last count, and its beginning may have been counted late.
    listSamples(db, before(HOUR_MS + 2 * COUNT_AGE_MS_MAX)),
    listCoreCounts(db, before(DAY_MS)),
    listRunningJobs(db, { now, limit: JOBS_MAX }),
  ]);
  return { devices, verified: toVerified(counts, now), energy: toEnergy(coreCounts), jobCount: running.count, jobs: running.jobs.map(toNetworkJob) };
}

function toEnergy(counts: CoreCount[]): NetworkView["energy"] {
  const [first, energy] = [counts[0], estimateEnergy(counts, COUNT_AGE_MS_MAX)];
  return first && energy ? { since: first.at.toISOString(), ...energy, wattsPerCore: WATTS_PER_CORE } : null;
}

function toVerified(counts: NetworkCount[], now: Date): NetworkView["verified"] {
  const latest = latestCount(counts, now);
  if (!latest) return null;
  const { at, accepted, failed, replicas, wrong } = latest;
  return {
    countedAt: at.toISOString(),
    shardsPerMinute: ratesBetween(counts.slice(-2), COUNT_AGE_MS_MAX).at(-1)?.shardsPerMinute ?? null,
    lastHour: acceptedWithin(counts, HOUR_MS),
    total: accepted,
    replicasPerShard: accepted + failed > 0 ? replicas / (accepted + failed) : null,
    disagreedShare: replicas > 0 ? wrong / replicas : null,
  };
}

function toNetworkJob({ owner, accepted, failed, heads, hasWanted, released, ...job }: RunningJobRow): NetworkJob {
  const standing = { heads, hasWanted, shardCount: released, devices: job.devices };
  return {
    ...job,
    owner: shortAccountName(owner),
    acceptedCount: accepted,
    failedCount: failed,
    isOffered: isOffered(standing),
    wait: decideWait(standing),
  };
}
