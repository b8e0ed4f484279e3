import "server-only";
import type { DeviceId, JobId } from "#lib/domain/ids.ts";
import { judgeAuditor } from "#lib/domain/trust/judge-auditor.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { insertWanted } from "../exchange/granting/wanted-store.ts";
import type { JobSnapshot } from "../exchange/job-snapshot.ts";
import { endJob } from "../jobs/end-job.ts";
import {
  forgetConfirmations,
  listAuditors,
  listOwnVerdicts,
  listVoidConfirmers,
  readAuditRecord,
  suspend,
  type Withdrawn,
  withdrawRefutations,
} from "./auditor-store.ts";
import { revokeShards } from "./revoke-shards.ts";

/** How long what a trusted device said is held against it, and for it, although the windows have closed. */
export const LOOKS_BACK_MS = 24 * 3_600_000;

/**
 * Looks at the trusted devices themselves. One that contradicts most of the clusters that it looks at is not believed: on one job alone that job's program is at fault and the
 * job stops, on several the device is suspended. What a suspended device or one with a revoked key said is examined again: its contradictions are withdrawn,
 * results that it gave itself are taken back, those that it alone confirmed are checked by others. Final results stay as they are.
 */
export async function examineAuditors(services: Services, snapshot: JobSnapshot): Promise<number> {
  const { db, clock, log } = services;
  const at = clock.now();
  const since = new Date(at.getTime() - LOOKS_BACK_MS);
  let examined = 0;
  for (const { deviceId, isOut } of await listAuditors(db, since)) {
    const record = await readAuditRecord(db, deviceId, since);
    const verdict = isOut ? "auditor_at_fault" : judgeAuditor(record);
    if (verdict === "fine") continue;
    log.warn({ deviceId, verdict, clusters: record.clusters, contradicted: record.contradicted.length }, "a trusted device is not believed");
    if (verdict === "program_at_fault") await stopJob(services, snapshot, { deviceId, jobUuid: record.contradicted[0]?.jobId ?? "" });
    else await undo(services, snapshot, deviceId);
    examined += 1;
  }
  for (const deviceId of await listVoidConfirmers(db)) await undo(services, snapshot, deviceId);
  return examined;
}

/** The program gives different results on different machines: nobody is to blame, what the trusted device put in their place goes, and the job ends. */
async function stopJob(services: Services, snapshot: JobSnapshot, of: { deviceId: DeviceId; jobUuid: string }): Promise<void> {
  const { deviceId, jobUuid } = of;
  const jobId: JobId = `job_${jobUuid.replaceAll("-", "")}`;
  await takeOwnBack(services, snapshot, { deviceId, jobId });
  await transaction(services.db, (tx) => withdrawRefutations(tx, deviceId, { jobId, at: services.clock.now() }));
  await endJob(services, { jobId, state: "failed", reason: { code: "job_not_deterministic", params: {} } });
}

async function undo(services: Services, snapshot: JobSnapshot, deviceId: DeviceId): Promise<void> {
  const { db, clock } = services;
  const at = clock.now();
  const unconfirmed = await transaction(db, async (tx) => {
    await suspend(tx, deviceId, at);
    await withdrawRefutations(tx, deviceId, { jobId: null, at });
    return await forgetConfirmations(tx, deviceId);
  });
  const ownKeys = new Set((await takeOwnBack(services, snapshot, { deviceId, jobId: null })).map(keyOf));
  await checkAgain(
    services,
    unconfirmed.filter((shard) => !ownKeys.has(keyOf(shard))),
    { deviceId, at },
  );
}

/** Takes back the results on hold that a trusted device gave itself, in one job or in all. */
async function takeOwnBack(services: Services, snapshot: JobSnapshot, of: { deviceId: DeviceId; jobId: JobId | null }): Promise<Withdrawn[]> {
  const own = (await listOwnVerdicts(services.db, of.deviceId)).filter((shard) => of.jobId === null || shard.jobId === of.jobId);
  const byJob = Map.groupBy(own, (shard) => shard.jobId);
  for (const facts of (await snapshot.facts([...byJob.keys()])).values()) {
    const shards = (byJob.get(facts.jobId) ?? []).map(({ no, round }) => ({ no, round, byDevice: null }));
    await revokeShards(services, facts, { reason: "auditor_wrong", shards });
  }
  return own;
}

const keyOf = ({ jobId, no, round }: Withdrawn): string => `${jobId} ${no} ${round}`;

async function checkAgain({ db }: Services, shards: readonly Withdrawn[], by: { deviceId: DeviceId; at: Date }): Promise<void> {
  const { deviceId, at } = by;
  for (const [jobId, of] of Map.groupBy(shards, (shard) => shard.jobId)) {
    const wants = of.map(({ no, round }) => ({
      fromNo: no,
      toNo: no + 1,
      round,
      ordinal: `instead of ${deviceId}`,
      attempt: 0,
      excluded: [],
      excludedUntil: at,
      createdAt: at,
    }));
    await transaction(db, (tx) =>
      insertWanted(
        tx,
        jobId,
        wants.map((want) => ({ ...want, kind: "check" as const, lane: "established" as const })),
      ),
    );
  }
}
