import "server-only";
import { decideBackground, decideChain, decidePayouts, decideStatus, type PartState, type StatusPart, worstOf } from "#lib/domain/operations/decide-status.ts";
import { isEpochOver } from "#lib/domain/payouts/epoch-state.ts";
import type { StatusView } from "#lib/protocol/instance/operations.ts";
import { DUTY_EVERY_MS, type DutyName } from "../background/duty-rhythm.ts";
import { onEveryChain } from "../chain/choose-chain.ts";
import type { Context, Services } from "../context.ts";
import { HeldReading } from "../network/held-reading.ts";
import { findLatestEpoch } from "../payouts/epoch-store.ts";
import { findStop } from "../policy/stop-store.ts";
import { listDuties } from "./duty-store.ts";
import { findChain } from "./figure-store.ts";
import { listIncidents } from "./incident-store.ts";
import { viewIncident } from "./incidents.ts";

const HELD_MS_MAX = 5000;
const INCIDENTS_MAX = 20;
const SHOWN_MS = 14 * 86_400_000;

const held = new HeldReading(HELD_MS_MAX, readStatus);

/** How the instance is, for everybody; at most five seconds old. Answers also while the database does not. */
export async function getStatus(ctx: Context): Promise<StatusView> {
  try {
    return await held.get(ctx);
  } catch (error) {
    ctx.log.error({ err: error }, "the status cannot be read");
    const part = (name: StatusPart, state: PartState) => ({ part: name, state, since: null });
    return { status: "down", checkedAt: ctx.clock.now().toISOString(), parts: [part("database", "failed")], stoppedAt: null, incidents: [] };
  }
}

async function readStatus(services: Services): Promise<StatusView> {
  const { db, clock } = services;
  const nowMs = clock.now().getTime();
  const [duties, chains, stop, incidents] = await Promise.all([
    listDuties(db),
    Promise.all(onEveryChain(services).map((each) => readChain(each, nowMs))),
    findStop(db),
    listIncidents(db, new Date(nowMs - SHOWN_MS), INCIDENTS_MAX),
  ]);
  const runs = duties.map(({ name, doneAt }) => ({ doneAtMs: doneAt?.getTime() ?? null, everyMs: DUTY_EVERY_MS[name as DutyName] ?? 0 }));
  const parts: Record<StatusPart, PartState> = {
    database: "ok",
    background: decideBackground(runs, nowMs),
    chain: worstOf(chains.map(({ chain }) => chain)),
    payouts: worstOf(chains.map(({ payouts }) => payouts)),
  };
  const oldest = duties.reduce<Date | null>((least, { doneAt }) => (doneAt && (!least || doneAt < least) ? doneAt : least), null);
  // Of the chain that is worst off.
  const sinceOf = (part: "chain" | "payouts", at: "followedAt" | "cutAt") => chains.find((one) => one[part] === parts[part])?.[at] ?? null;
  const since: Record<StatusPart, Date | null> = {
    database: clock.now(),
    background: oldest,
    chain: sinceOf("chain", "followedAt"),
    payouts: sinceOf("payouts", "cutAt"),
  };
  const open = incidents.filter(({ endedAt }) => endedAt === null);
  return {
    status: decideStatus({ parts, incidents: open.map(({ kind }) => kind), isStopped: stop !== null }),
    checkedAt: clock.now().toISOString(),
    parts: (Object.keys(parts) as StatusPart[]).map((part) => ({ part, state: parts[part], since: since[part]?.toISOString() ?? null })),
    stoppedAt: stop?.stoppedAt.toISOString() ?? null,
    incidents: incidents.map(viewIncident),
  };
}

/** How the chain at hand is, and the payouts there. */
async function readChain({ db, config: { chain, pool } }: Services, nowMs: number) {
  const [followed, epoch] = pool ? await Promise.all([findChain(db, chain.id), findLatestEpoch(db, chain.id)]) : [null, null];
  return {
    followedAt: followed?.followedAt ?? null,
    cutAt: epoch?.cutAt ?? null,
    chain: decideChain(pool && { followedAtMs: followed?.followedAt?.getTime() ?? null, isFrozen: followed?.frozen != null }, nowMs),
    payouts: decidePayouts(
      pool && { cutAtMs: epoch?.cutAt.getTime() ?? null, everyMs: pool.epochEveryS * 1000, isBehind: epoch !== null && !isEpochOver(epoch.state) },
      nowMs,
    ),
  };
}
