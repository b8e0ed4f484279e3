import "server-only";
import { planTake, SKIPS_MAX, type TakePlan } from "#lib/domain/dispatch/plan-take.ts";
import { lengthOf } from "#lib/domain/dispatch/ranges.ts";
import { hardCapMs, type Pace } from "#lib/domain/dispatch/size-grant.ts";
import { replicaCost } from "#lib/domain/ledger/money.ts";
import type { WaitReason } from "#lib/protocol/exchange/exchange.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { transaction } from "../../db/transaction.ts";
import { newId } from "../../ids.ts";
import { setJobState } from "../../jobs/job-state-store.ts";
import type { DevicePrincipal } from "../../principal.ts";
import type { JobRules } from "../reporting/check-report.ts";
import { type Cursor, listConflicts, lockCursor, moveCursor } from "./cursor-store.ts";
import { insertGrants, type NewGrant } from "./grant-store.ts";
import { insertWanted, lockWanted, takeWanted, type Wanted } from "./wanted-store.ts";

export type Take = { seq: number; shardsMax: number; cores: number; pace: Pace };
export type Taken = { grants: NewGrant[]; short: WaitReason | null };
type Ask = Take & { rules: JobRules; at: Date };

/**
 * The third transaction of an exchange, for one job: takes up to `shardsMax` shards, irregular wants before the cursors, and reserves their worst
 * cost. Its commit is relaxed: a crash of the database may forget the youngest grants, which then simply are granted again.
 */
export async function takeGrants(ctx: Context<DevicePrincipal>, rules: JobRules, take: Take): Promise<Taken> {
  const ask: Ask = { ...take, rules, at: ctx.clock.now() };
  return await transaction(
    ctx.db,
    async (tx) => {
      const [wants, cursor] = await Promise.all([pickWanted(tx, ctx, ask), lockCursor(tx, rules.jobId)]);
      if (cursor?.state !== "running") return { grants: [], short: "no_jobs" };
      const affordable = affordableShards(cursor);
      if (affordable === 0) {
        await setJobState(tx, rules.jobId, { state: "needs_funds", from: ["running"] });
        return { grants: [], short: "no_jobs" };
      }
      const kept = pickFitting(wants, { shardsMax: ask.shardsMax, affordable });
      const fromWants = kept.reduce((sum, want) => sum + lengthOf(want), 0);
      const plan = await planFromCursor(tx, ctx, { ...ask, cursor, kept, shardsMax: Math.min(ask.shardsMax, affordable) - fromWants });
      return await save(tx, ctx, { ask, cursor, wants: kept, plan });
    },
    "relaxed",
  );
}

/** A trusted device leaves everything but mismatches to others for a while: it is the second opinion of last resort. */
async function pickWanted(tx: Tx, ctx: Context<DevicePrincipal>, ask: Ask): Promise<Wanted[]> {
  const { voterId, trusted } = ctx.principal;
  const onlyBefore = trusted ? new Date(ask.at.getTime() - ctx.config.independentWaitMs) : null;
  return await lockWanted(tx, ask.rules.jobId, { voterId, now: ask.at, onlyBefore });
}

/** Shards whose worst cost the budget still covers. */
function affordableShards(cursor: Cursor): number {
  if (cursor.costMicro === 0n) return Number.MAX_SAFE_INTEGER;
  return Number((cursor.budgetMicro - cursor.committedMicro) / cursor.costMicro);
}

/**
 * Whole wants only, never two of one shard. The first may be longer than asked: a lost range was sized for another device, and cutting it would
 * leave its rest without a key.
 */
function pickFitting(wants: readonly Wanted[], room: { shardsMax: number; affordable: number }): Wanted[] {
  const kept: Wanted[] = [];
  let total = 0;
  for (const want of wants) {
    const length = lengthOf(want);
    const isTooLong = total + length > room.affordable || (kept.length > 0 && total + length > room.shardsMax);
    if (isTooLong || total >= room.shardsMax || kept.some((other) => other.fromNo < want.toNo && other.toNo > want.fromNo)) continue;
    kept.push(want);
    total += length;
  }
  return kept;
}

async function planFromCursor(tx: Tx, ctx: Context<DevicePrincipal>, ask: Ask & { cursor: Cursor; kept: readonly Wanted[] }): Promise<TakePlan | null> {
  const { cursor, shardsMax } = ask;
  const { voterId, trusted } = ctx.principal;
  const hasWaited = ask.at.getTime() - cursor.movedAt.getTime() >= ctx.config.independentWaitMs;
  if (shardsMax <= 0 || (trusted && !hasWaited)) return null;
  const conflicts = await listConflicts(tx, ask.rules.jobId, { voterId, heads: cursor.heads, windowLength: shardsMax * (SKIPS_MAX + 1) });
  return planTake({ heads: cursor.heads, shardCount: cursor.shardCount, conflicts: [...conflicts, ...ask.kept], shardsMax, mayTakeFirst: !trusted });
}

async function save(tx: Tx, ctx: Context<DevicePrincipal>, found: { ask: Ask; cursor: Cursor; wants: Wanted[]; plan: TakePlan | null }): Promise<Taken> {
  const { ask, cursor, wants, plan } = found;
  const { jobId } = ask.rules;
  const ranges = [
    ...wants.map((w) => ({ fromNo: w.fromNo, toNo: w.toNo, attempt: w.attempt })),
    ...(plan?.takes ?? []).map((range) => ({ ...range, attempt: 0 })),
  ];
  const short = plan ? plan.short : ranges.length > 0 ? null : "second_device";
  if (ranges.length === 0) return { grants: [], short };
  const shards = ranges.reduce((sum, range) => sum + lengthOf(range), 0);
  const capMs = hardCapMs({ shards, cores: ask.cores, timeMsMax: ask.rules.limits.timeMsMax, pace: ask.pace });
  const grants = ranges.map(
    (range): NewGrant => ({
      ...range,
      jobId,
      id: newId("grt"),
      deviceId: ctx.principal.deviceId,
      voterId: ctx.principal.voterId,
      seq: ask.seq,
      grantedAt: ask.at,
      deadlineAt: new Date(ask.at.getTime() + ctx.config.grantLeaseMs),
      hardCapAt: new Date(ask.at.getTime() + capMs),
    }),
  );
  const excludedUntil = new Date(ask.at.getTime() + ctx.config.independentWaitMs);
  const commitMicro = BigInt(shards) * replicaCost(ask.rules.priceMicro, ask.rules.feeBps);
  await Promise.all([
    takeWanted(tx, jobId, { wants, at: ask.at }),
    moveCursor(tx, jobId, { heads: plan?.heads ?? cursor.heads, commitMicro, at: hasIndependentMove(ctx, cursor, plan) ? ask.at : null }),
    insertWanted(
      tx,
      jobId,
      (plan?.skipped ?? []).map((range) => ({
        ...range,
        kind: "skipped",
        ordinal: newId("grt"),
        attempt: 0,
        excluded: [ctx.principal.voterId],
        excludedUntil,
        createdAt: ask.at,
      })),
    ),
    insertGrants(tx, grants),
  ]);
  return { grants, short };
}

/** Whether an ordinary device began the job or moved a later pass: the trusted device's wait starts over. */
function hasIndependentMove(ctx: Context<DevicePrincipal>, cursor: Cursor, plan: TakePlan | null): boolean {
  if (!plan || ctx.principal.trusted) return false;
  return (cursor.heads[0] === 0 && plan.heads[0] !== 0) || plan.heads.some((head, pass) => pass > 0 && head !== cursor.heads[pass]);
}
