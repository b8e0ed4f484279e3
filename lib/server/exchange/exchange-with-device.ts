import "server-only";
import { chooseJobs, hasReplicasLeft } from "#lib/domain/dispatch/choose-jobs.ts";
import { lanesFor } from "#lib/domain/dispatch/lanes.ts";
import { lengthOf } from "#lib/domain/dispatch/ranges.ts";
import { serves } from "#lib/domain/dispatch/serves.ts";
import { sizeGrant } from "#lib/domain/dispatch/size-grant.ts";
import { HELD_SHARDS_MAX } from "#lib/domain/dispatch/want.ts";
import type { DeviceId, GrantId, JobId, PoolId } from "#lib/domain/ids.ts";
import { mayServe, poolOf } from "#lib/domain/pool/pool.ts";
import { ASSURANCE } from "#lib/domain/trust/assurance.ts";
import { isEstablished } from "#lib/domain/trust/check.ts";
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
import { type Grant, type HeldGrant, listGrantsOf, listOpenGrants, type OpenGrant, renewGrants, takeSeq } from "./granting/grant-store.ts";
import { handBack } from "./granting/hand-back.ts";
import { presentGrants } from "./granting/present-grants.ts";
import { takeGrants } from "./granting/take-grants.ts";
import { getRules, type JobFacts, type JobSnapshot, type RunningJob, rulesOf } from "./job-snapshot.ts";
import type { JobRules } from "./reporting/check-report.ts";
import { type Ack, recordReports } from "./reporting/record-reports.ts";
import { tallyReports } from "./reporting/tally-reports.ts";

const REPORT_EVERY_MS = 15_000;
const RETRY_AFTER_MS: Record<WaitReason, number> = {
  no_jobs: 5000,
  second_device: 3000,
  all_granted: 2000,
  enough_held: 5000,
  needs_webgpu: 5000,
  results_wrong: 60_000,
  not_chosen: 5000,
  instance_stopped: 10_000,
};

/** What is read before anything is changed: how the device stands, what it holds, and of each job that it reports on the rules and its grants. */
type Opening = { isFirst: boolean; standing: Standing; open: OpenGrant[]; reported: ReadonlyMap<JobId, { rules: JobRules; held: HeldGrant[] }> };
type Turn = {
  ctx: Context<DevicePrincipal>;
  input: ExchangeInput;
  snapshot: JobSnapshot;
  standing: Standing;
  opening: Opening /** New results of this exchange. */;
  inserted: number;
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
  const turn: Turn = { ctx, input, snapshot, standing: opening.standing, opening, inserted: 0 };
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
  const ids = Map.groupBy(reports, (report) => report.jobId);
  return await together(ctx.db, async (reader) => {
    const [isFirst, standing, open, reported] = await Promise.all([
      takeSeq(reader, deviceId, seq),
      getStanding(reader, ctx.principal),
      listOpenGrants(reader, deviceId),
      Promise.all(
        [...named.values()].flatMap((facts) => {
          const ofJob = ids.get(facts.jobId);
          return ofJob ? [readReported(reader, facts, { deviceId, ids: ofJob.map((report) => report.grantId) })] : [];
        }),
      ),
    ]);
    return { isFirst, standing, open, reported: new Map(reported) };
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
  const recorded = await recordReports(ctx, rules, { reports, clusterId: standing.clusterId, held });
  turn.inserted += recorded.inserted;
  if (recorded.machineFailures > 0) await releaseCommitted(ctx.db, facts.jobId, recorded.machineFailures);
  if (recorded.grantIds.length === 0) return recorded.acks;
  const spread = Number.parseInt(ctx.principal.deviceId.slice(-4), 16);
  const tally = await tallyReports(ctx, rules, { nos: recorded.nos, grantIds: recorded.grantIds, spread });
  if (tally.failed > 0 && rules.verification.verifier) await stopIfRejecting(ctx, facts.jobId, recorded.nos);
  if (tally.accepted + tally.failed > 0) await endIfDone(turn, facts, tally);
  return recorded.acks;
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

type Offer = Omit<RunningJob, "wanted"> & { shardCount: number; wanted: number };
type Granted = { grants: Pick<Grant, "jobId" | "id" | "fromNo" | "toNo">[]; reason: WaitReason | null; jobsNeedingWebgpu?: number; jobsNotChosen?: number };

async function grantMore(turn: Turn): Promise<Granted> {
  const { ctx, input, opening } = turn;
  const { want } = input;
  if (await turn.snapshot.isStopped()) return { grants: [], reason: "instance_stopped" };
  // A repeat gets what the first copy got; the answer was lost on its way.
  if (!opening.isFirst) {
    const open = await listOpenGrants(ctx.db, ctx.principal.deviceId);
    return { grants: open.filter((grant) => grant.seq === input.seq), reason: null };
  }
  if (want.shardsMax === 0 || want.timeMs === 0) return { grants: [], reason: null };
  if (!mayCount(turn.standing.trust.stage)) return { grants: [], reason: "results_wrong" };
  const room = HELD_SHARDS_MAX - heldShards(turn);
  if (room <= 0) return { grants: [], reason: "enough_held" };
  const { runnable, ...left } = await sortOffers(turn);
  const granted: Granted = { grants: [], reason: reasonWithout(left), ...left };
  let share = 1;
  for (const job of chooseJobs(runnable, EXCHANGE_LIMITS.jobsMax, Math.random)) {
    const pace = input.measured.find((m) => m.jobId === job.facts.jobId) ?? null;
    const ask = { shardsMax: want.shardsMax, timeMs: want.timeMs, cores: input.cores, pace };
    const shardsMax = Math.min(room, Math.ceil(sizeGrant(ask) * share));
    const taken = await takeGrants(ctx, rulesOf(job.facts, job.state), {
      seq: input.seq,
      shardsMax,
      cores: input.cores,
      pace,
      standing: turn.standing,
      isQuarantined: isNewcomerInFlood(job, turn.standing),
    });
    granted.grants.push(...taken.grants);
    granted.reason = taken.short;
    share -= taken.grants.reduce((sum, grant) => sum + lengthOf(grant), 0) / shardsMax;
    if (share <= 0 || taken.short === null) return { ...granted, reason: null };
  }
  return granted.grants.length > 0 ? { ...granted, reason: null } : granted;
}

/** How many shards the device still holds after what it reported and handed back in this exchange. */
function heldShards({ opening, input, inserted }: Turn): number {
  const handedBack = new Set(input.abandoned.map((ref) => ref.grantId));
  return opening.open.reduce((sum, grant) => sum + (handedBack.has(grant.id) ? 0 : grant.heldShards), -inserted);
}

type LeftOut = { jobsNeedingWebgpu: number; jobsNotChosen: number };

/** The running jobs that this device serves and can run, and how many others have shards left. */
async function sortOffers({ ctx, input, snapshot, standing }: Turn): Promise<LeftOut & { runnable: Offer[] }> {
  const every = await snapshot.running();
  const pools = every.some(({ facts }) => poolOf(facts.spec.visibility)) ? await readPools(ctx) : NO_POOLS;
  const running = every.filter(({ facts }) => mayServe(facts.spec.visibility, pools)).map((job) => toOffer(job, standing));
  const isServed = ({ facts }: Offer) => serves(input.serves ?? null, { jobId: facts.jobId, topic: facts.spec.topic });
  const canRun = ({ facts }: Offer) => input.webgpu === true || facts.spec.program.runtime !== "wgsl";
  const served = running.filter(isServed);
  return {
    runnable: served.filter(canRun),
    jobsNeedingWebgpu: served.filter((job) => !canRun(job) && hasReplicasLeft(job)).length,
    jobsNotChosen: running.filter((job) => !isServed(job) && hasReplicasLeft(job)).length,
  };
}

/** Whether a device owes repetitions of others' shards before its own results count. */
function isNewcomerInFlood(job: Pick<RunningJob, "facts" | "isFlooded">, { trust, isTrusted }: Standing): boolean {
  const rules = ASSURANCE[job.facts.spec.verification.assurance];
  return !isTrusted && isQuarantined(trust, rules, { ...CALM, isOn: job.isFlooded });
}

/** What a running job has for a device that stands like this. Only a job that runs moves its passes. */
function toOffer(job: RunningJob, standing: Standing): Offer {
  const { trust, isTrusted } = standing;
  const quarantined = isNewcomerInFlood(job, standing);
  const lanes = lanesFor({ isTrusted, isEstablished: isEstablished(trust), isQuarantined: quarantined });
  const isRunning = job.state === "running" && !quarantined;
  const wanted = lanes.filter((lane) => isRunning || lane !== "any").reduce((sum, lane) => sum + job.wanted[lane], 0);
  const mayWitness = isTrusted || trust.agreed >= ASSURANCE[job.facts.spec.verification.assurance].witnessAgreedMin;
  return { ...job, heads: isRunning && mayWitness ? job.heads : [], wanted: mayWitness ? wanted : 0, shardCount: job.releasedCount };
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
