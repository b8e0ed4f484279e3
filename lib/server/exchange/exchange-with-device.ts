import "server-only";
import { hasReplicasLeft, orderOffers } from "#lib/domain/dispatch/choose-jobs.ts";
import { lanesFor } from "#lib/domain/dispatch/lanes.ts";
import { guidedShards, mayQueue, packMs } from "#lib/domain/dispatch/pack-grant.ts";
import { lengthOf } from "#lib/domain/dispatch/ranges.ts";
import { serves } from "#lib/domain/dispatch/serves.ts";
import { type Pace, sizeGrant, TIMINGS_TRUSTED_MIN } from "#lib/domain/dispatch/size-grant.ts";
import { HELD_SHARDS_MAX } from "#lib/domain/dispatch/want.ts";
import type { DeviceId, GrantId, JobId, PoolId } from "#lib/domain/ids.ts";
import { mayServe, poolOf } from "#lib/domain/pool/pool.ts";
import { ASSURANCE } from "#lib/domain/trust/assurance.ts";
import { isEstablished } from "#lib/domain/trust/check.ts";
import { clusterWithin } from "#lib/domain/trust/cluster.ts";
import { CALM, isQuarantined } from "#lib/domain/trust/flood.ts";
import { mayCount } from "#lib/domain/trust/revoke.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { EXCHANGE_LIMITS, type ExchangeInput, type ExchangeOutput, type WaitReason } from "#lib/protocol/exchange/exchange.ts";
import { PROTOCOL_VERSION } from "#lib/protocol/version.ts";
import type { Context } from "../context.ts";
import type { Reader } from "../db/client.ts";
import { together } from "../db/transaction.ts";
import { stopIfRejecting } from "../errands/finish-verification.ts";
import { listPoolsOfDevice } from "../pools/pool-store.ts";
import { type DevicePrincipal, requireDevice } from "../principal.ts";
import { getStanding, type Standing } from "../trust/standing-store.ts";
import { endIfDone } from "./end-if-done.ts";
import { releaseCommitted } from "./granting/cursor-store.ts";
import { expireOverdue } from "./granting/expire-overdue.ts";
import { type Grant, type HeldGrant, listGrantsOf, listGrantsOfSeq, noteRepeat, renewGrants, type Session, takeSeq } from "./granting/grant-store.ts";
import { handBack } from "./granting/hand-back.ts";
import { presentGrants } from "./granting/present-grants.ts";
import { takeGrants } from "./granting/take-grants.ts";
import { getRules, type JobFacts, type JobSnapshot, type RunningJob, rulesOf } from "./job-snapshot.ts";
import type { JobRules } from "./reporting/check-report.ts";
import { recordAndTally } from "./reporting/record-and-tally.ts";
import { type Ack, sortReports } from "./reporting/record-reports.ts";

const REPORT_EVERY_MS = 15_000;
/** The sweeper, which comes every two seconds, ends grants long before; where it does not run, whoever asks for shards does. */
const OVERDUE_MS = 10_000;
const RETRY_AFTER_MS: Record<WaitReason, number> = {
  no_jobs: 5000,
  second_device: 3000,
  all_granted: 2000,
  enough_held: 5000,
  needs_webgpu: 5000,
  results_wrong: 60_000,
  not_chosen: 5000,
  checks_only: 60_000,
  instance_stopped: 10_000,
};

/** What is read before anything is changed: how the device stands, what it holds, and of each job that it reports on the rules and its grants. */
type Opening = {
  /** Null for a repeat of a request. */
  session: Session | null;
  standing: Standing;
  reported: ReadonlyMap<JobId, { rules: JobRules; held: HeldGrant[] }>;
};
type Turn = {
  ctx: Context<DevicePrincipal>;
  input: ExchangeInput;
  snapshot: JobSnapshot;
  standing: Standing;
  opening: Opening;
};

/**
 * One exchange with a device: stores and tallies its reports, takes back what it abandons, renews what it runs, and grants more. Each of the at most
 * four jobs it touches costs a constant number of statements, however many shards it carries. Any part may be repeated or lost: results are keyed by
 * voter, settlements by result, grants by the exchange's number.
 */
export async function exchangeWithDevice(context: Context, input: ExchangeInput, snapshot: JobSnapshot): Promise<ExchangeOutput> {
  const ctx: Context<DevicePrincipal> = { ...context, principal: requireDevice(context.principal) };
  if (input.version !== PROTOCOL_VERSION) throw new ApiError("version_unsupported", { got: input.version, want: PROTOCOL_VERSION });
  const named = await snapshot.facts([...new Set([...input.reports, ...input.running, ...input.abandoned].map((ref) => ref.jobId))]);
  const opening = await readOpening(ctx, input, named);
  const turn: Turn = { ctx, input, snapshot, standing: opening.standing, opening };
  const acks: Ack[] = [];
  const stop: ExchangeOutput["stop"] = [];
  for (const ref of input.reports) if (!named.has(ref.jobId)) acks.push({ jobId: ref.jobId, grantId: ref.grantId, state: "unknown" });
  for (const ref of input.running) if (!named.has(ref.jobId)) stop.push({ jobId: ref.jobId, grantId: ref.grantId });
  for (const facts of named.values()) {
    acks.push(...(await report(turn, facts)));
    await handBackOf(turn, facts);
    stop.push(...(await renew(turn, facts)));
  }
  const granted = await grantMore(turn);
  return {
    acks,
    stop,
    ...(await presentGrants(ctx, snapshot, { grants: granted.grants, knownJobs: input.knownJobs })),
    settings: { reportEveryMs: Math.min(REPORT_EVERY_MS, Math.floor(ctx.config.grantLeaseMs / 3)) },
    retryAfterMs: granted.reason ? RETRY_AFTER_MS[granted.reason] : 0,
    reason: granted.reason,
    ...(granted.jobsNeedingWebgpu ? { jobsNeedingWebgpu: granted.jobsNeedingWebgpu } : {}),
    ...(granted.jobsNotChosen ? { jobsNotChosen: granted.jobsNotChosen } : {}),
  };
}

/** One round trip, whatever the request names; the schema bounds how many jobs that are. */
async function readOpening(ctx: Context<DevicePrincipal>, { seq, reports }: ExchangeInput, named: ReadonlyMap<JobId, JobFacts>): Promise<Opening> {
  const { deviceId } = ctx.principal;
  const at = ctx.clock.now();
  const ids = Map.groupBy(reports, (report) => report.jobId);
  return await together(ctx.db, async (reader) => {
    const [session, standing, reported] = await Promise.all([
      takeSeq(reader, deviceId, { seq, at, hasReports: reports.length > 0, repeatedAfter: new Date(at.getTime() - ctx.config.grantLeaseMs) }),
      getStanding(reader, ctx.principal),
      Promise.all(
        [...named.values()].flatMap((facts) => {
          const ofJob = ids.get(facts.jobId);
          return ofJob ? [readReported(reader, facts, { deviceId, ids: ofJob.map((report) => report.grantId) })] : [];
        }),
      ),
    ]);
    return { session, standing, reported: new Map(reported) };
  });
}

async function readReported(
  reader: Reader,
  facts: JobFacts,
  query: { deviceId: DeviceId; ids: GrantId[] },
): Promise<[JobId, { rules: JobRules; held: HeldGrant[] }]> {
  const [rules, held] = await Promise.all([getRules(reader, facts), listGrantsOf(reader, facts.jobId, query)]);
  return [facts.jobId, { rules, held }];
}

async function report(turn: Turn, facts: JobFacts): Promise<Ack[]> {
  const reports = turn.input.reports.filter((r) => r.jobId === facts.jobId);
  const found = turn.opening.reported.get(facts.jobId);
  if (reports.length === 0 || !found) return [];
  const { ctx, standing } = turn;
  // Also what was under way when the device was found out does not count.
  if (!mayCount(standing.trust.stage)) return reports.map(({ jobId, grantId }) => ({ jobId, grantId, state: "late" }));
  const { rules, held } = found;
  const { recorded, tally } = await recordAndTally(ctx, rules, sortReports(ctx, rules, { reports, clusterId: clusterIn(facts, turn), held }));
  if (recorded.machineFailures > 0) await releaseCommitted(ctx.db, facts.jobId, recorded.machineFailures);
  if (tally.failed > 0 && rules.verification.verifier) await stopIfRejecting(ctx, facts.jobId, recorded.nos);
  if (tally.accepted + tally.failed > 0) await endIfDone(turn, facts, tally);
  return recorded.acks;
}

/** As which cluster the device counts in this job. */
function clusterIn({ spec }: JobFacts, { standing, ctx }: Turn): string {
  return clusterWithin({ clusterId: standing.clusterId, voterId: ctx.principal.voterId }, { isOfPool: poolOf(spec.visibility) !== null });
}

async function handBackOf(turn: Turn, facts: JobFacts): Promise<void> {
  const ids = idsIn(turn.input.abandoned, facts.jobId);
  if (ids.length > 0) await handBack(turn.ctx, facts, ids);
}

/** Renews what the device still runs of a job; what is not its own open grant any more has to stop. While the instance is stopped all of it is taken back. */
async function renew(turn: Turn, facts: JobFacts): Promise<ExchangeOutput["stop"]> {
  const { ctx, input, snapshot } = turn;
  const ids = idsIn(input.running, facts.jobId);
  if (ids.length === 0) return [];
  if (await snapshot.isStopped()) {
    await handBack(ctx, facts, ids);
    return ids.map((grantId) => ({ jobId: facts.jobId, grantId }));
  }
  const { visibility } = facts.spec;
  // Who left the pool stops what it still runs; its lease is the last of it.
  if (poolOf(visibility) && !mayServe(visibility, await readPools(ctx))) return ids.map((grantId) => ({ jobId: facts.jobId, grantId }));
  const deadlineAt = new Date(ctx.clock.now().getTime() + ctx.config.grantLeaseMs);
  const renewed = new Set(await renewGrants(ctx.db, facts.jobId, { deviceId: ctx.principal.deviceId, ids, deadlineAt }));
  return ids.filter((grantId) => !renewed.has(grantId)).map((grantId) => ({ jobId: facts.jobId, grantId }));
}

function idsIn(refs: readonly { jobId: JobId; grantId: GrantId }[], jobId: JobId): GrantId[] {
  return refs.filter((ref) => ref.jobId === jobId).map((ref) => ref.grantId);
}

type Offer = Omit<RunningJob, "wanted"> & { shardCount: number; wanted: number; pass: number; isKnown: boolean };
type Granted = { grants: Pick<Grant, "jobId" | "id" | "fromNo" | "toNo">[]; reason: WaitReason | null; jobsNeedingWebgpu?: number; jobsNotChosen?: number };

async function grantMore(turn: Turn): Promise<Granted> {
  const { ctx, input, opening, snapshot } = turn;
  const { want } = input;
  // Whoever checks an owner's jobs earns nowhere, and votes nowhere.
  if (ctx.principal.checksFor) return { grants: [], reason: "checks_only" };
  if (await snapshot.isStopped()) return { grants: [], reason: "instance_stopped" };
  if (!opening.session) return { grants: await listGrantsOfRepeat(turn), reason: null };
  const missed = await listMissed(turn, opening.session);
  if (missed.length > 0) return { grants: missed, reason: null };
  if (want.shardsMax === 0 || want.timeMs === 0) return { grants: [], reason: null };
  if (!mayCount(turn.standing.trust.stage)) return { grants: [], reason: "results_wrong" };
  await endOverdue(turn);
  const { offers, ...left } = await findOffers(turn);
  const granted: Granted = { grants: [], reason: reasonWithout(left), ...(offers.length === 0 ? left : {}) };
  const timeMs = packMs({ wantedMs: want.timeMs, ...opening.session });
  let share = 1;
  for (const job of offers) {
    const { jobId } = job.facts;
    const pace = input.measured.find((m) => m.jobId === jobId) ?? null;
    const end = boundsNearEnd(job, { pace, cores: input.cores });
    const shardsMax = Math.ceil(Math.min(sizeGrant({ shardsMax: want.shardsMax, timeMs, cores: input.cores, pace }), end.shardsMax) * share);
    // Noted before it is known, so that exchanges at the same moment go to different jobs.
    snapshot.charge(jobId, shardsMax);
    const taken = await takeGrants(ctx, rulesOf(job.facts, job.state), {
      seq: input.seq,
      shardsMax,
      heldMax: end.heldMax,
      cores: input.cores,
      pace,
      meanMs: job.meanMs,
      session: opening.session,
      standing: { ...turn.standing, clusterId: clusterIn(job.facts, turn) },
      isQuarantined: isNewcomerInFlood(job, turn.standing),
    });
    const shards = taken.grants.reduce((sum, grant) => sum + lengthOf(grant), 0);
    snapshot.charge(jobId, shards - shardsMax);
    granted.grants.push(...taken.grants);
    granted.reason = taken.short;
    share -= shards / shardsMax;
    if (share <= 0 || taken.short === null) return { ...granted, reason: null };
  }
  return granted.grants.length > 0 ? { ...granted, reason: null } : granted;
}

/** Gives out again what a device keeps beyond its lease, of one job for each exchange: a shard waits neither for its holder nor for the sweeper. */
async function endOverdue({ ctx, snapshot }: Turn): Promise<void> {
  const jobId = snapshot.takeOverdue(new Date(ctx.clock.now().getTime() - OVERDUE_MS));
  if (jobId !== null && (await expireOverdue(ctx, snapshot, jobId)) > 0) snapshot.expire();
}

/** A repeat gets what the first copy got; the answer was lost on its way. Where the first copy is still under way, the next exchange brings the rest. */
async function listGrantsOfRepeat({ ctx, input: { seq } }: Turn): Promise<Grant[]> {
  const { deviceId } = ctx.principal;
  await noteRepeat(ctx.db, deviceId, { seq, at: ctx.clock.now() });
  return await listGrantsOfSeq(ctx.db, deviceId, seq);
}

/** What the first copy of a request granted after its second copy was answered: the device knows nothing of it, and its shards would wait for the lease. */
async function listMissed({ ctx, input }: Turn, { repeatedSeq }: Session): Promise<Grant[]> {
  if (repeatedSeq === null) return [];
  const named = new Set([...input.reports, ...input.running, ...input.abandoned].map(({ grantId }) => grantId));
  return (await listGrantsOfSeq(ctx.db, ctx.principal.deviceId, repeatedSeq)).filter(({ id }) => !named.has(id));
}

/** Grants become smaller towards the end of a job, and at last nothing waits behind what a device computes, once it is known how long a shard takes. */
function boundsNearEnd(job: Offer, { pace, cores }: { pace: Pace; cores: number }): { shardsMax: number; heldMax: number } {
  if (!pace || pace.count < TIMINGS_TRUSTED_MIN) return { shardsMax: Number.POSITIVE_INFINITY, heldMax: HELD_SHARDS_MAX };
  const end = { left: job.heads.reduce((sum, head) => sum + job.shardCount - head, job.wanted), holders: job.holders };
  return { shardsMax: guidedShards(end), heldMax: mayQueue(end) ? HELD_SHARDS_MAX : cores };
}

type LeftOut = { jobsNeedingWebgpu: number; jobsNotChosen: number };

/** The first jobs in order that this device serves and can run; where there is none, how many others have shards left. */
async function findOffers(turn: Turn): Promise<LeftOut & { offers: Offer[] }> {
  const { ctx, input, snapshot, standing } = turn;
  const found = { offers: [] as Offer[], jobsNeedingWebgpu: 0, jobsNotChosen: 0 };
  const running = await snapshot.running();
  const known = new Set(input.measured.map(({ jobId }) => jobId));
  let pools: ReadonlySet<PoolId> | null = null;
  for (const job of jobsToConsider({ snapshot, running, known })) {
    const { jobId, spec } = job.facts;
    const isKnown = known.has(jobId);
    if (found.offers.filter((offer) => !offer.isKnown).length === EXCHANGE_LIMITS.jobsMax) break;
    if (poolOf(spec.visibility)) pools ??= await readPools(ctx);
    const offer = toOffer(job, { standing, isKnown });
    if (!mayServe(spec.visibility, pools ?? NO_POOLS) || !(mayBeCopied(offer) || hasReplicasLeft(offer))) continue;
    const obstacle = obstacleOf(offer, input);
    if (obstacle === null) found.offers.push(offer);
    else if (hasReplicasLeft(offer)) found[obstacle] += 1;
  }
  found.offers = orderOffers(found.offers, { leavesOwn: input.seq % 2 === 0 }).slice(0, EXCHANGE_LIMITS.jobsMax);
  return found;
}

type Walk = { snapshot: JobSnapshot; running: ReadonlyMap<JobId, RunningJob>; known: ReadonlySet<JobId> };

/** What the device already computes, then all others in order; whoever walks stops when it has enough. */
function* jobsToConsider({ snapshot, running, known }: Walk): Generator<RunningJob & { pass: number }> {
  for (const jobId of known) {
    const job = running.get(jobId);
    if (job) yield { ...job, pass: snapshot.passOf(jobId) };
  }
  for (const job of snapshot.inOrder()) if (!known.has(job.facts.jobId)) yield job;
}

/** Why a device does not get a job that it may compute: what is counted of it. */
function obstacleOf({ facts }: Offer, { serves: served, webgpu }: ExchangeInput): keyof LeftOut | null {
  const { jobId, spec } = facts;
  if (!serves(served ?? null, { jobId, topic: spec.topic })) return "jobsNotChosen";
  return spec.program.runtime === "wgsl" && webgpu !== true ? "jobsNeedingWebgpu" : null;
}

/** Whether all of a job is granted and some of it is still out: then a device with nothing else to do may hurry it. */
function mayBeCopied(job: Offer): boolean {
  return job.state === "running" && job.heads.length > 0 && job.holders > 0 && job.heads.every((head) => head >= job.shardCount);
}

/** Whether a device owes repetitions of others' shards before its own results count. */
function isNewcomerInFlood(job: Pick<RunningJob, "facts" | "isFlooded">, { trust, isTrusted }: Standing): boolean {
  const rules = ASSURANCE[job.facts.spec.verification.assurance];
  return !isTrusted && isQuarantined(trust, rules, { ...CALM, isOn: job.isFlooded });
}

/** What a running job has for a device that stands like this. Only a job that runs moves its passes. */
function toOffer(job: RunningJob & { pass: number }, device: { standing: Standing; isKnown: boolean }): Offer {
  const { standing, isKnown } = device;
  const { trust, isTrusted } = standing;
  const quarantined = isNewcomerInFlood(job, standing);
  const lanes = lanesFor({ isTrusted, isEstablished: isEstablished(trust), isQuarantined: quarantined });
  const isRunning = job.state === "running" && !quarantined;
  const wanted = lanes.filter((lane) => isRunning || lane !== "any").reduce((sum, lane) => sum + job.wanted[lane], 0);
  const mayWitness = isTrusted || trust.agreed >= ASSURANCE[job.facts.spec.verification.assurance].witnessAgreedMin;
  return { ...job, isKnown, heads: isRunning && mayWitness ? job.heads : [], wanted: mayWitness ? wanted : 0, shardCount: job.releasedCount };
}

const NO_POOLS: ReadonlySet<PoolId> = new Set();

/** The pools that the device belongs to now. */
async function readPools({ db, principal }: Turn["ctx"]): Promise<ReadonlySet<PoolId>> {
  return new Set(await listPoolsOfDevice(db, principal.deviceId));
}

/** Why there is nothing when none of the running jobs has shards for this device. */
function reasonWithout({ jobsNeedingWebgpu, jobsNotChosen }: LeftOut): WaitReason {
  if (jobsNeedingWebgpu > 0) return "needs_webgpu";
  return jobsNotChosen > 0 ? "not_chosen" : "no_jobs";
}
