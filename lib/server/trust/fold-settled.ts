import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import { poolOf } from "#lib/domain/pool/pool.ts";
import { ASSURANCE, type AssuranceClass } from "#lib/domain/trust/assurance.ts";
import { type DeviceTrust, fadeTrust } from "#lib/domain/trust/device-trust.ts";
import { type Flood, foldFlood } from "#lib/domain/trust/flood.ts";
import { type FoldedShard, foldFinalShard, foldHeldShard, type JudgedResult, type TrustBook } from "#lib/domain/trust/fold-shard.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { insertWanted, type NewWanted } from "../exchange/granting/wanted-store.ts";
import type { JobFacts, JobSnapshot } from "../exchange/job-snapshot.ts";
import { type DecidedShard, listDecided } from "../shards/shard-store.ts";
import { noteAudits } from "./auditor-store.ts";
import { listTainted, lockDevices, saveDevices } from "./device-trust-store.ts";
import { drawLots } from "./draw-lots.ts";
import { type JudgedRow, listJudged, listUnfolded, moveToWindow, takeFresh } from "./fold-store.ts";
import { countIntoWindows, type HeldShard, insertRefutations, listHolds, type NewRefutation, saveHolds } from "./hold-store.ts";
import { type ClassState, listSecrets, lockClass, saveFlood } from "./window-store.ts";

const GRANTS_MAX = 500;

/**
 * Folds what was judged since the last time into what is known of the devices, puts results on hold and draws who is checked. Each judged result is folded once,
 * in constant time. Returns how many grants were looked at; fewer than asked for means that nothing is left.
 */
export async function foldSettled(services: Services, snapshot: JobSnapshot): Promise<number> {
  const unfolded = await listUnfolded(services.db, GRANTS_MAX);
  const facts = await snapshot.facts(unfolded.map(({ jobId }) => jobId));
  let folded = 0;
  for (const { jobId, grantIds } of unfolded) {
    const job = facts.get(jobId);
    if (!job) continue;
    await transaction(services.db, async (tx) => {
      const at = services.clock.now();
      // The class first: whoever closes a window locks it before anything of a job.
      const { assurance } = job.spec.verification;
      const state = ASSURANCE[assurance].hasHold ? await lockClass(tx, assurance, at) : null;
      const fresh = await takeFresh(tx, jobId, grantIds);
      // What an owner's own program says of devices would let owners make devices trusted, or doubted, at will.
      if (fresh.length > 0 && !job.spec.verification.verifier) await foldJob(tx, job, { state, at, fresh });
    });
    folded += grantIds.length;
  }
  return folded;
}

type Fresh = { no: number; round: number; voterId: string };

async function foldJob(tx: Tx, job: JobFacts, from: { state: ClassState | null; at: Date; fresh: readonly Fresh[] }): Promise<void> {
  const { jobId } = job;
  const { assurance, quorum } = job.spec.verification;
  const { state, at, fresh } = from;
  const nos = [...new Set(fresh.map(({ no }) => no))].sort((a, b) => a - b);
  const [rows, shards, holds] = await Promise.all([listJudged(tx, jobId, nos), listDecided(tx, jobId, nos), state ? listHolds(tx, jobId, nos) : []]);
  const known = await lockDevices(tx, new Map(rows.map((row) => [row.deviceId, row])), at);
  const faded = known.map(({ deviceId, trust, fadedAt }) => ({ deviceId, ...fadeTrust({ trust, fadedAt: fadedAt.getTime() }, at.getTime()) }));
  const trusts = new Map(faded.map(({ deviceId, trust }) => [deviceId, trust]));
  const fadedAt = new Map(faded.map((device) => [device.deviceId, new Date(device.fadedAt)]));
  const isTrusted = new Set(known.filter((device) => device.isTrusted).map((device) => device.deviceId));
  const freshKeys = new Set(fresh.map(keyOf));
  const clusterOf = new Map(known.map(({ deviceId, clusterId }) => [deviceId, clusterId]));
  const isOfPool = poolOf(job.spec.visibility) !== null;
  const toJudged = (row: JudgedRow): JudgedResult => ({
    ...row,
    outsideId: isOfPool ? (clusterOf.get(row.deviceId) ?? row.clusterId) : row.clusterId,
    isTrusted: isTrusted.has(row.deviceId),
    isFresh: freshKeys.has(keyOf(row)),
  });
  const byNo = Map.groupBy(rows, (row) => row.no);
  if (!state) {
    for (const results of byNo.values()) foldFinalShard(results.map(toJudged), { trusts }, quorum);
    await saveDevices(tx, trusts, { at, fadedAt, found: new Set() });
    return;
  }
  const present = shards.filter((shard) => shard.verdict !== "open" && shard.windowNo !== null);
  const work: HeldWork = { jobId, assurance, state, at, trusts, fadedAt, byNo, toJudged, shards: present, holds };
  await foldHeld(tx, work);
}

const keyOf = ({ no, round, voterId }: Fresh): string => `${no} ${round} ${voterId}`;

type HeldWork = {
  jobId: JobId;
  assurance: AssuranceClass;
  state: ClassState;
  at: Date;
  trusts: Map<string, DeviceTrust>;
  fadedAt: ReadonlyMap<string, Date>;
  byNo: ReadonlyMap<number, JudgedRow[]>;
  toJudged(row: JudgedRow): JudgedResult;
  shards: readonly DecidedShard[];
  holds: readonly HeldShard[];
};

async function foldHeld(tx: Tx, work: HeldWork): Promise<void> {
  const { jobId, assurance, state, at, trusts } = work;
  const windowOf = (shard: DecidedShard) => Math.max(shard.windowNo ?? 0, state.closedWindowNo + 1);
  const unheld = work.shards.filter((shard) => (shard.windowNo ?? 0) <= state.closedWindowNo && !findHold(work.holds, shard));
  // A shard whose first result was folded before is final, and what comes for it now only says something about who computed it.
  const [late, final] = [true, false].map((isNew) => unheld.filter((shard) => judgedOf(work, shard).find((r) => r.agreed === "yes")?.isFresh === isNew)) as [
    DecidedShard[],
    DecidedShard[],
  ];
  for (const shard of final) foldFinalShard(judgedOf(work, shard), { trusts }, WITNESSES_OF_FINAL);
  if (late.length > 0) await moveToWindow(tx, jobId, { nos: late.map(({ no }) => no), windowNo: state.openWindowNo });
  const [secrets, tainted] = await Promise.all([
    listSecrets(tx, assurance, [...new Set([...work.shards.map(windowOf), state.openWindowNo])]),
    listTainted(tx, [...new Set([...work.byNo.values()].flat().map((row) => row.clusterId))]),
  ]);
  const book: TrustBook = {
    rules: ASSURANCE[assurance],
    trusts,
    taintedAtOf: (clusterId) => tainted.get(clusterId) ?? null,
    boostOf: (stratum) => Math.max(state.boosts[stratum] ?? 1, state.boostAll),
    needsShadows: state.flood.isOn,
    now: at.getTime(),
  };
  const gathered: Gathered = { holds: [], opened: new Map(), wants: [], refuted: [], found: new Set(), flood: state.flood, audits: [] };
  for (const shard of work.shards) {
    if (final.includes(shard)) continue;
    const hold = findHold(work.holds, shard);
    const windowNo = hold?.windowNo ?? (late.includes(shard) ? state.openWindowNo : windowOf(shard));
    const lots = drawLots(secrets.get(windowNo) ?? secretOf(secrets, state), { jobId, shardNo: shard.no, round: shard.round });
    const isAsked = hold?.isAsked ?? false;
    const folded = foldHeldShard({ hold, results: judgedOf(work, shard), lots, isAsked }, book);
    if (folded) gather(gathered, folded, { shard, windowNo, at, isNew: hold === null, isAsked });
  }
  await save(tx, work, gathered);
}

/** Whoever agrees with a final verdict is confirmed by it. */
const WITNESSES_OF_FINAL = 2;

/** What was judged about a shard in its present round, in order of arrival. */
function judgedOf(work: HeldWork, shard: DecidedShard): JudgedResult[] {
  return (work.byNo.get(shard.no) ?? []).filter((row) => row.round === shard.round).map(work.toJudged);
}

/** Where the window of an old shard is gone, its round is drawn with the secret of the open one. */
function secretOf(secrets: ReadonlyMap<number, Uint8Array>, state: ClassState): Uint8Array {
  const secret = secrets.get(state.openWindowNo);
  if (!secret) throw new Error("the open window has no secret");
  return secret;
}

function findHold(holds: readonly HeldShard[], shard: Pick<DecidedShard, "no" | "round">): HeldShard | null {
  return holds.find((hold) => hold.no === shard.no && hold.round === shard.round) ?? null;
}

type Gathered = {
  holds: HeldShard[];
  /** New holds by window. */
  opened: Map<number, number>;
  wants: NewWanted[];
  refuted: NewRefutation[];
  found: Set<string>;
  flood: Flood;
  /** Of which clusters trusted devices confirmed results. */
  audits: { byDevice: string; clusterId: string }[];
};

function gather(gathered: Gathered, folded: FoldedShard, of: { shard: DecidedShard; windowNo: number; at: Date; isNew: boolean; isAsked: boolean }): void {
  const { shard, windowNo, at, isNew } = of;
  const { no, round } = shard;
  const { confirmedBy, deviceId: primary, clusterId: audited } = folded.hold;
  gathered.holds.push({ ...folded.hold, no, round, windowNo, isAsked: of.isAsked });
  if (confirmedBy !== null && confirmedBy !== primary) gathered.audits.push({ byDevice: confirmedBy, clusterId: audited });
  if (isNew) gathered.opened.set(windowNo, (gathered.opened.get(windowNo) ?? 0) + 1);
  for (const { kind, lane, ordinal } of folded.wants) {
    gathered.wants.push({ fromNo: no, toNo: no + 1, round, kind, lane, ordinal, attempt: 0, excluded: [], excludedUntil: at, createdAt: at });
  }
  for (const { deviceId, clusterId, by, wasResult, isAsked } of folded.found) {
    if (!isAsked) gathered.found.add(deviceId);
    const { stratum, rate } = folded.hold;
    if (wasResult) gathered.refuted.push({ no, round, deviceId, clusterId, byDevice: by, digest: shard.digest ?? "", windowNo, stratum, rate, isAsked });
  }
  for (const wasWrong of folded.newcomers) gathered.flood = foldFlood(gathered.flood, wasWrong);
}

async function save(tx: Tx, work: HeldWork, gathered: Gathered): Promise<void> {
  const { jobId, assurance, at } = work;
  const of = { jobId, assurance, at };
  await saveDevices(tx, work.trusts, { at, fadedAt: work.fadedAt, found: gathered.found });
  await saveHolds(tx, of, gathered.holds);
  await noteAudits(tx, gathered.audits, at);
  await countIntoWindows(tx, of, gathered.opened);
  await insertWanted(tx, jobId, gathered.wants);
  await insertRefutations(tx, of, gathered.refuted);
  await saveFlood(tx, assurance, gathered.flood);
}
