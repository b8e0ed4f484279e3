import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import { ASSURANCE } from "#lib/domain/trust/assurance.ts";
import { decideRevocation } from "#lib/domain/trust/revoke.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { abandonGrants } from "../exchange/granting/grant-store.ts";
import { loseGrants } from "../exchange/granting/lose-grants.ts";
import { insertWanted, type NewWanted } from "../exchange/granting/wanted-store.ts";
import { lockJob, shareJob } from "../exchange/job-lock.ts";
import type { JobFacts, JobSnapshot } from "../exchange/job-snapshot.ts";
import { forfeitPay } from "../ledger/forfeit-pay.ts";
import { lockReserves, takeReserved } from "../ledger/reserve-store.ts";
import { taintClusters } from "./device-trust-store.ts";
import {
  type FoundDevice,
  listFoundOut,
  listHoldsOf,
  listJobsWithPending,
  markDealtWith,
  markDrawn,
  readTrustedRoom,
  type SuspectHold,
} from "./justice-store.ts";
import { reexamineCluster } from "./reexamine-cluster.ts";
import { revokeShards } from "./revoke-shards.ts";
import { forfeitPending, listDueRefutations, listOpenGrantIds } from "./revoke-store.ts";

const DEVICES_MAX = 50;
const REFUTATIONS_MAX = 500;
/** Beyond so many waiting checks for each trusted device, suspects are computed again by others at once. */
const WAITING_PER_TRUSTED_MAX = 500;
const TRUSTED_SEEN_MS_MAX = 3_600_000;

/**
 * Draws the consequences of what was found wrong: the refuted results are taken back, and of each device that was found out everything else on hold is
 * verified or computed again, its pending pay and its reserve are forfeited, what it is still computing is given to others, and its cluster is looked at. Each step may be repeated.
 */
export async function doJustice(services: Services, snapshot: JobSnapshot): Promise<{ revoked: number; devices: number }> {
  const done = { revoked: 0, devices: 0 };
  const due = await listDueRefutations(services.db, REFUTATIONS_MAX);
  for (const facts of (await snapshot.facts([...due.keys()])).values())
    done.revoked += await revokeShards(services, facts, { reason: "refuted", shards: due.get(facts.jobId) ?? [] });
  for (const device of await listFoundOut(services.db, DEVICES_MAX)) {
    done.revoked += await dealWith(services, snapshot, device);
    done.devices += 1;
  }
  return done;
}

async function dealWith(services: Services, snapshot: JobSnapshot, device: FoundDevice): Promise<number> {
  await takeGrantsBack(services, device);
  await forfeitAll(services, snapshot, device);
  const revoked = await examineHolds(services, snapshot, device);
  await reexamineCluster(services, device);
  await transaction(services.db, async (tx) => {
    if (device.stage === "burned") await taintClusters(tx, [device.clusterId], services.clock.now());
    await markDealtWith(tx, device.deviceId);
  });
  return revoked;
}

/** What a burned device holds is on offer to others at once; a watched one goes on, so that how wrong it is can be learnt. */
async function takeGrantsBack({ db, clock, config }: Services, device: FoundDevice): Promise<void> {
  if (device.stage !== "burned") return;
  for (const [jobId, ids] of await listOpenGrantIds(db, device.deviceId)) {
    await transaction(db, async (tx) => {
      const grants = await abandonGrants(tx, jobId, { deviceId: device.deviceId, ids });
      await loseGrants(tx, { jobId, grants, at: clock.now(), independentWaitMs: config.independentWaitMs, isSilent: false });
    });
  }
}

async function forfeitAll(services: Services, snapshot: JobSnapshot, { deviceId }: FoundDevice): Promise<void> {
  const jobs = await snapshot.facts(await listJobsWithPending(services.db, deviceId));
  for (const facts of jobs.values()) {
    await transaction(services.db, async (tx) => {
      await lockJob(tx, facts.jobId);
      const job = await shareJob(tx, facts.jobId);
      const replicas = await forfeitPending(tx, facts.jobId, { deviceId, vestedWindowNo: job?.vestedWindowNo ?? 0 });
      await lockReserves(tx);
      const reserved = await takeReserved(tx, facts.jobId, deviceId);
      await forfeitPay(tx, facts, [{ deviceId, replicas: replicas + reserved }]);
    });
  }
}

async function examineHolds(services: Services, snapshot: JobSnapshot, device: FoundDevice): Promise<number> {
  const at = services.clock.now();
  const byJob = Map.groupBy(await listHoldsOf(services.db, device.deviceId), (hold) => hold.jobId);
  const room = await readTrustedRoom(services.db, new Date(at.getTime() - TRUSTED_SEEN_MS_MAX));
  let left = room.devices * WAITING_PER_TRUSTED_MAX - room.waiting;
  let revoked = 0;
  for (const facts of (await snapshot.facts([...byJob.keys()])).values()) {
    const sorted = sortHolds(byJob.get(facts.jobId) ?? [], left);
    left -= sorted.verify.length;
    await verify(services, facts.jobId, sorted.verify);
    if (sorted.revoke.length > 0) revoked += await revokeAgain(services, facts, sorted.revoke);
  }
  return revoked;
}

function sortHolds(holds: readonly SuspectHold[], room: number): { verify: SuspectHold[]; revoke: SuspectHold[] } {
  const sorted = { verify: [] as SuspectHold[], revoke: [] as SuspectHold[] };
  for (const hold of holds) {
    const suspect = { isFinal: false, isTrustedConfirmed: hold.confirmedBy !== null, independentWitnesses: hold.witnesses };
    const context = { witnessesMin: ASSURANCE[hold.assurance].witnessesMin, hasTrustedRoom: sorted.verify.length < room };
    const decision = decideRevocation(suspect, context);
    if (decision !== "keep") sorted[decision].push(hold);
  }
  return sorted;
}

async function verify({ db, clock }: Services, jobId: JobId, holds: readonly SuspectHold[]): Promise<void> {
  if (holds.length === 0) return;
  const at = clock.now();
  const wants = holds.map(({ no, round }): NewWanted => {
    return { fromNo: no, toNo: no + 1, round, kind: "verify", lane: "trusted", ordinal: "suspect", attempt: 0, excluded: [], excludedUntil: at, createdAt: at };
  });
  await transaction(db, async (tx) => {
    await insertWanted(tx, jobId, wants);
    await markDrawn(tx, jobId, holds);
  });
}

async function revokeAgain(services: Services, facts: JobFacts, holds: readonly SuspectHold[]): Promise<number> {
  return await revokeShards(services, facts, { reason: "device_burned", shards: holds.map(({ no, round }) => ({ no, round, byDevice: null })) });
}
