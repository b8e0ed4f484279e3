import "server-only";
import { lanesFor } from "#lib/domain/dispatch/lanes.ts";
import { planTake, SKIPS_MAX, type TakePlan } from "#lib/domain/dispatch/plan-take.ts";
import { lengthOf, type Range } from "#lib/domain/dispatch/ranges.ts";
import { expectedMs, hardCapMs, type Pace } from "#lib/domain/dispatch/size-grant.ts";
import type { JobId } from "#lib/domain/ids.ts";
import type { JobState } from "#lib/domain/job/job.ts";
import { type Micro, replicaCost } from "#lib/domain/ledger/money.ts";
import { isEstablished } from "#lib/domain/trust/check.ts";
import type { WaitReason } from "#lib/protocol/exchange/exchange.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { last, transaction } from "../../db/transaction.ts";
import { newId } from "../../ids.ts";
import { setJobState } from "../../jobs/job-state-store.ts";
import { tellOfJob } from "../../notices/tell-of-job.ts";
import type { DevicePrincipal } from "../../principal.ts";
import type { Standing } from "../../trust/standing-store.ts";
import type { JobRules } from "../reporting/check-report.ts";
import { chooseCopy } from "./choose-copy.ts";
import { type Cursor, listConflicts, lockCursor, moveCursor } from "./cursor-store.ts";
import { insertGrants, type NewGrant, type Session } from "./grant-store.ts";
import { insertWanted, lockWanted, type NewWanted, takeWanted, type Wanted } from "./wanted-store.ts";

export type Take = {
  seq: number;
  shardsMax: number;
  /** How many shards of the job the device may hold. */
  heldMax: number;
  cores: number;
  pace: Pace;
  /** What a replica of the job took on average. */
  meanMs: number;
  session: Session;
  standing: Standing /** Whether it owes repetitions before its results count. */;
  isQuarantined: boolean;
};
export type Taken = { grants: NewGrant[]; short: WaitReason | null };
type Ask = Take & { rules: JobRules; at: Date };

/**
 * The third transaction of an exchange, for one job: takes up to `shardsMax` shards, irregular wants before the cursors, and reserves their worst
 * cost. Its commit is relaxed: a crash of the database may forget the youngest grants, which then simply are granted again.
 */
export async function takeGrants(ctx: Context<DevicePrincipal>, rules: JobRules, take: Take): Promise<Taken> {
  const ask: Ask = { ...take, rules, at: ctx.clock.now() };
  return await transaction<Taken>(
    ctx.db,
    async (tx) => {
      // Sent together, run in order: conflicts are read from the heads that the lock holds.
      const [wants, cursor, conflicts] = await Promise.all([
        pickWanted(tx, ctx, ask),
        lockCursor(tx, rules.jobId, ctx.principal.deviceId),
        readConflicts(tx, ctx, ask),
      ]);
      if (!cursor || !mayGrant(cursor.state)) return { grants: [], short: "no_jobs" };
      return await takeFrom(tx, ctx, { ...ask, wants, cursor, conflicts });
    },
    "relaxed",
  );
}

type Found = Ask & { wants: readonly Wanted[]; cursor: Cursor; conflicts: readonly Range[] };

async function takeFrom(tx: Tx, ctx: Context<DevicePrincipal>, found: Found): Promise<Taken | ReturnType<typeof last<Taken>>> {
  const { cursor, rules } = found;
  const affordable = affordableShards(cursor);
  if (affordable === 0) {
    if (cursor.state === "running") await waitForFunds(tx, rules.jobId, { budgetMicro: cursor.budgetMicro, at: found.at });
    return { grants: [], short: "no_jobs" };
  }
  const room = Math.min(found.shardsMax, found.heldMax - cursor.held);
  if (room <= 0) return { grants: [], short: "enough_held" };
  const kept = pickFitting(found.wants, { shardsMax: room, affordable });
  const shardsMax = Math.min(room, affordable);
  const fromWants = kept.reduce((sum, want) => sum + lengthOf(want), 0);
  const plan = cursor.state === "running" ? planFromCursor(ctx, { ...found, kept, shardsMax: shardsMax - fromWants }) : null;
  const isIdle = kept.length === 0 && plan !== null && plan.takes.length === 0 && plan.skipped.length === 0;
  const copy = isIdle ? await chooseCopy(tx, ctx.principal, { ...found, shardsMax }) : null;
  return save(tx, ctx, { ask: found, cursor, wants: copy ? [copy] : kept, plan, isCopy: copy !== null });
}

async function waitForFunds(tx: Tx, jobId: JobId, { budgetMicro, at }: { budgetMicro: Micro; at: Date }): Promise<void> {
  if (!(await setJobState(tx, jobId, { state: "needs_funds", from: ["running"] }))) return;
  // Once for each budget, however often the job is let run without raising it.
  await tellOfJob(tx, { jobId, kind: "budget_low", event: `out:${budgetMicro}`, at });
}

/** A job that is paused or computed gives out repetitions of what has a verdict, and nothing else: its owner's pause does not keep results unchecked. */
function mayGrant(state: JobState): boolean {
  return state === "running" || state === "paused" || state === "computed";
}

/** A trusted device leaves everything but mismatches and its own checks to others for a while: it is the second opinion of last resort. */
async function pickWanted(tx: Tx, ctx: Context<DevicePrincipal>, ask: Ask): Promise<Wanted[]> {
  const { voterId } = ctx.principal;
  const { standing, isQuarantined, rules } = ask;
  const onlyBefore = standing.isTrusted ? new Date(ask.at.getTime() - ctx.config.independentWaitMs) : null;
  const lanes = lanesFor({ isTrusted: standing.isTrusted, isEstablished: isEstablished(standing.trust), isQuarantined });
  return await lockWanted(tx, rules.jobId, {
    voterId,
    deviceId: ctx.principal.deviceId,
    clusterId: standing.clusterId,
    lanes,
    isRunning: rules.state === "running",
    now: ask.at,
    onlyBefore,
  });
}

/** Shards whose worst cost the budget still covers. */
function affordableShards(cursor: Cursor): number {
  if (cursor.costMicro === 0n) return Number.MAX_SAFE_INTEGER;
  return Number((cursor.budgetMicro - cursor.committedMicro) / cursor.costMicro);
}

/** Of what a device asks for, at most this share are checks: its own shards should not stand still for those of others. */
const CHECKS_SHARE_MAX = 0.2;

/**
 * Whole wants only, never two of one shard. The first may be longer than asked: a lost range was sized for another device, and cutting it would
 * leave its rest without a key.
 */
function pickFitting(wants: readonly Wanted[], room: { shardsMax: number; affordable: number }): Wanted[] {
  const kept: Wanted[] = [];
  const checksMax = Math.ceil(room.shardsMax * CHECKS_SHARE_MAX);
  let total = 0;
  for (const want of wants) {
    const length = lengthOf(want);
    if (want.lane === "established" && kept.filter((other) => other.lane === "established").length >= checksMax) continue;
    const isTooLong = total + length > room.affordable || (kept.length > 0 && total + length > room.shardsMax);
    if (isTooLong || total >= room.shardsMax || kept.some((other) => other.fromNo < want.toNo && other.toNo > want.fromNo)) continue;
    kept.push(want);
    total += length;
  }
  return kept;
}

async function readConflicts(tx: Tx, ctx: Context<DevicePrincipal>, { rules, standing, shardsMax }: Ask): Promise<Range[]> {
  const { voterId, deviceId } = ctx.principal;
  return await listConflicts(tx, rules.jobId, { voterId, deviceId, clusterId: standing.clusterId, windowLength: shardsMax * (SKIPS_MAX + 1) });
}

type PlanAsk = Ask & { cursor: Cursor; conflicts: readonly Range[]; kept: readonly Wanted[] };

function planFromCursor(ctx: Context<DevicePrincipal>, ask: PlanAsk): TakePlan | null {
  const { cursor, shardsMax, standing } = ask;
  const trusted = standing.isTrusted;
  if (ask.isQuarantined) return null;
  const hasWaited = ask.at.getTime() - cursor.movedAt.getTime() >= ctx.config.independentWaitMs;
  if (shardsMax <= 0 || (trusted && !hasWaited)) return null;
  const conflicts = [...ask.conflicts, ...ask.kept];
  return planTake({ heads: cursor.heads, shardCount: cursor.shardCount, conflicts, shardsMax, mayTakeFirst: !trusted });
}

function save(
  tx: Tx,
  ctx: Context<DevicePrincipal>,
  found: { ask: Ask; cursor: Cursor; wants: Wanted[]; plan: TakePlan | null; isCopy: boolean },
): Taken | ReturnType<typeof last<Taken>> {
  const { ask, cursor, wants, plan, isCopy } = found;
  const { jobId } = ask.rules;
  const ranges = [
    ...wants.map((w) => ({ fromNo: w.fromNo, toNo: w.toNo, round: w.round, attempt: w.attempt, wantedKind: w.kind, lane: w.lane })),
    ...(plan?.takes ?? []).map((range) => ({ ...range, round: 0, attempt: 0, wantedKind: null, lane: "any" as const })),
  ];
  const short = isCopy ? null : plan ? plan.short : ranges.length > 0 ? null : "second_device";
  if (ranges.length === 0) return { grants: [], short };
  const shards = ranges.reduce((sum, range) => sum + lengthOf(range), 0);
  const capMs = hardCapMs({ shards, cores: ask.cores, timeMsMax: ask.rules.limits.timeMsMax, pace: ask.pace });
  const grants = ranges.map(
    (range): NewGrant => ({
      ...range,
      jobId,
      expectedMs: expectedMs({ shards, cores: ask.cores, pace: ask.pace, meanMs: ask.meanMs }),
      id: newId("grt"),
      deviceId: ctx.principal.deviceId,
      voterId: ctx.principal.voterId,
      clusterId: ask.standing.clusterId,
      seq: ask.seq,
      grantedAt: ask.at,
      deadlineAt: new Date(ask.at.getTime() + ctx.config.grantLeaseMs),
      hardCapAt: new Date(ask.at.getTime() + capMs),
    }),
  );
  const excludedUntil = new Date(ask.at.getTime() + ctx.config.independentWaitMs);
  const commitMicro = BigInt(shards) * replicaCost(ask.rules.priceMicro, ask.rules.feeBps);
  const heads = plan?.heads ?? cursor.heads;
  const movedAt = hasIndependentMove(ask.standing, cursor, plan) ? ask.at : null;
  const skipped = (plan?.skipped ?? []).map((range) => skippedWant(range, { ask, voterId: ctx.principal.voterId, excludedUntil }));
  return last(async () => {
    await Promise.all([
      insertWanted(tx, jobId, isCopy ? wants : []),
      takeWanted(tx, jobId, { wants, at: ask.at }),
      moveCursor(tx, jobId, { heads, commitMicro, at: movedAt, tailCopies: isCopy ? shards : 0 }),
      insertWanted(tx, jobId, skipped),
      insertGrants(tx, grants),
    ]);
    return { grants, short };
  });
}

function skippedWant(range: Range, by: { ask: Ask; voterId: string; excludedUntil: Date }): NewWanted {
  const { ask, voterId, excludedUntil } = by;
  return { ...range, round: 0, kind: "skipped", lane: "any", ordinal: newId("grt"), attempt: 0, excluded: [voterId], excludedUntil, createdAt: ask.at };
}

/** Whether an ordinary device began the job or moved a later pass: the trusted device's wait starts over. */
function hasIndependentMove(standing: Standing, cursor: Cursor, plan: TakePlan | null): boolean {
  if (!plan || standing.isTrusted) return false;
  return (cursor.heads[0] === 0 && plan.heads[0] !== 0) || plan.heads.some((head, pass) => pass > 0 && head !== cursor.heads[pass]);
}
