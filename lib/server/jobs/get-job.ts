import "server-only";
import type { AccountId, JobId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { type JobRole, suffices } from "#lib/domain/job/job-role.ts";
import { nextMilestone } from "#lib/domain/job/milestones.ts";
import { RATE_WINDOW_MS, secondsLeft, shardsPerSecond } from "#lib/domain/job/progress.ts";
import { poolOf } from "#lib/domain/pool/pool.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError, errorMessage } from "#lib/protocol/errors.ts";
import type { getJob as getJobEndpoint, JobView } from "#lib/protocol/jobs/jobs.ts";
import { chainOfPurse } from "../chain/choose-chain.ts";
import type { Context, Services } from "../context.ts";
import type { Reader } from "../db/client.ts";
import { getJobMoney } from "../ledger/ledger-store.ts";
import { requireAccount } from "../principal.ts";
import { getReductionView } from "../reduction/get-reduction-view.ts";
import { getCounters } from "../shards/shard-store.ts";
import type { JobReason } from "./job-state-store.ts";
import { countActiveDevices, countRecentVerdicts, findJob, type Job } from "./job-store.ts";
import { countReleased } from "./milestones/milestone-store.ts";
import { viewKeeping } from "./retention/refuse-ended.ts";

type Endpoint = typeof getJobEndpoint;

/** One of the account's jobs with its progress and money. Throws `not_found` for a job that does not exist and for one of somebody else. */
export async function getJob(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  return await getJobView(ctx, accountId, input.jobId);
}

/**
 * The account's job, or one that its owner let it in to with the role that is needed. Throws `not_found` for a job of somebody else, as if it did not exist, and
 * `forbidden` where the role does not suffice.
 */
export async function getOwnJob(services: Services, accountId: AccountId, jobId: JobId, needed: JobRole = "view"): Promise<Job> {
  const job = await findJob(services.db, accountId, jobId);
  if (!job) throw new ApiError("not_found", { what: "job" });
  if (!suffices(job.role, needed)) throw new ApiError("forbidden", { need: needed === "owner" ? "to own this job" : "the role manage in this job" });
  return job;
}

/** What commands answer with; the caller has authorised the account. */
export async function getJobView(services: Services, accountId: AccountId, jobId: JobId): Promise<JobView> {
  const job = await getOwnJob(services, accountId, jobId);
  const { db, config } = services;
  const [counters, money, progress] = await Promise.all([getCounters(db, jobId), getJobMoney(db, jobId), getPace(services, job)]);
  const { spec } = job;
  const decided = counters.accepted + counters.failed;
  return {
    id: job.id,
    name: spec.name,
    topic: spec.topic,
    pool: poolOf(spec.visibility),
    description: spec.description,
    state: job.state,
    role: job.role,
    reason: toReasonView(job.reason),
    shardCount: job.shardCount,
    acceptedCount: counters.accepted,
    failedCount: counters.failed,
    finalCount: counters.final,
    revokedCount: counters.revoked,
    createdAt: job.createdAt.toISOString(),
    endedAt: job.endedAt?.toISOString() ?? null,
    program: { sha256: spec.program.artifact.sha256, args: spec.program.args },
    slicing: spec.slicing.mode,
    format: spec.output.format,
    reducer: spec.reducer.kind,
    reduction: await getReductionView(services, job),
    limits: spec.limits,
    verification: spec.verification,
    price: { replicaMicro: String(job.priceMicro), feeBps: job.feeBps, asset: config.asset, chainId: chainOfPurse(config, job.purse) },
    money: { reservedMicro: String(money.reservedMicro), spentMicro: String(money.spentMicro), returnedMicro: String(money.returnedMicro) },
    release: await getRelease(db, job),
    results: viewKeeping(services, job),
    progress: {
      replicas: counters.replicas,
      wrong: counters.wrong,
      outputBytes: counters.outputBytes,
      shardsPerSecond: progress.rate,
      secondsLeft: isOpen(job.state) ? secondsLeft({ shardCount: job.shardCount, decided, shardsPerSecond: progress.rate }) : null,
      devices: progress.devices,
    },
  };
}

async function getRelease(reader: Reader, { id, spec, shardCount }: Job): Promise<JobView["release"]> {
  if (!spec.milestones) return null;
  const shards = await countReleased(reader, id);
  return { shards, next: nextMilestone(spec.milestones, { shardCount, released: shards }) };
}

async function getPace({ db, clock }: Services, job: Job): Promise<{ rate: number; devices: number }> {
  if (!isOpen(job.state)) return { rate: 0, devices: 0 };
  const now = clock.now();
  const [recent, devices] = await Promise.all([countRecentVerdicts(db, job.id, new Date(now.getTime() - RATE_WINDOW_MS)), countActiveDevices(db, job.id)]);
  // Where the last minute brought more verdicts than were counted, those counted came since the first of them.
  const since = recent.isCut && recent.firstAt ? recent.firstAt : job.createdAt;
  return { rate: shardsPerSecond({ decidedInWindow: recent.decided, ageMs: now.getTime() - since.getTime() }), devices };
}

/** A reason as it travels: its code and parameters, and the English sentence. */
export function toReasonView(reason: JobReason | null): JobView["reason"] {
  return reason ? { ...reason, message: errorMessage(reason.code, reason.params) } : null;
}
