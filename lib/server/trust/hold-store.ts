import "server-only";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { Hold } from "#lib/domain/trust/fold-shard.ts";
import type { Reader, Tx } from "../db/client.ts";

/** `isAsked`: the job's owner had a trusted device look at it, before any lot did. */
export type HeldShard = Hold & { no: number; round: number; windowNo: number; isAsked: boolean };

/** Holds of these shards, of all rounds. */
export async function listHolds(reader: Reader, jobId: JobId, nos: readonly number[]): Promise<HeldShard[]> {
  return await reader<HeldShard[]>`
    select no, round, window_no as "windowNo", device_id as "deviceId", cluster_id as "clusterId", stratum, rate, lot, "check", confirmed_by as "confirmedBy", witnesses, is_asked as "isAsked"
    from holds where job_id = ${uuidOf(jobId)} and no = any(${[...nos]}::int[])`;
}

/** Keeps holds, new and changed ones. */
export async function saveHolds(tx: Tx, held: { jobId: JobId; assurance: AssuranceClass; at: Date }, holds: readonly HeldShard[]): Promise<void> {
  if (holds.length === 0) return;
  const rows = [...holds]
    .sort((a, b) => a.no - b.no || a.round - b.round)
    .map((hold) => ({
      job_id: uuidOf(held.jobId),
      no: hold.no,
      round: hold.round,
      assurance: held.assurance,
      window_no: hold.windowNo,
      device_id: hold.deviceId,
      cluster_id: hold.clusterId,
      stratum: hold.stratum,
      rate: hold.rate,
      lot: hold.lot,
      check: hold.check,
      confirmed_by: hold.confirmedBy,
      witnesses: hold.witnesses,
      created_at: held.at,
    }));
  await tx`
    insert into holds ${tx(rows)} on conflict (job_id, no, round) do update set "check" = excluded."check", confirmed_by = excluded.confirmed_by, witnesses = excluded.witnesses`;
}

/** Counts results into the windows of a job and of its class; negative numbers take them out. */
export async function countIntoWindows(tx: Tx, counted: { jobId: JobId; assurance: AssuranceClass }, byWindow: ReadonlyMap<number, number>): Promise<void> {
  const windows = [...byWindow.keys()].sort((a, b) => a - b);
  if (windows.length === 0) return;
  const counts = windows.map((no) => byWindow.get(no) ?? 0);
  await tx`
    insert into job_windows as j (job_id, window_no, assurance, shards)
    select ${uuidOf(counted.jobId)}::uuid, no, ${counted.assurance}, shards from unnest(${windows}::int[], ${counts}::int[]) as w (no, shards)
    on conflict (job_id, window_no) do update set shards = j.shards + excluded.shards`;
  await tx`
    update trust_windows t set results = t.results + w.results from unnest(${windows}::int[], ${counts}::int[]) as w (no, results)
    where t.assurance = ${counted.assurance} and t.no = w.no`;
}

export type NewRefutation = {
  no: number;
  round: number;
  deviceId: string;
  clusterId: string;
  byDevice: string;
  digest: string;
  windowNo: number;
  stratum: number;
  rate: number;
  isAsked: boolean;
};

/** Notes results that were found wrong; noted once. */
export async function insertRefutations(tx: Tx, of: { jobId: JobId; assurance: AssuranceClass; at: Date }, refuted: readonly NewRefutation[]): Promise<void> {
  if (refuted.length === 0) return;
  const rows = refuted.map((r) => ({
    job_id: uuidOf(of.jobId),
    no: r.no,
    round: r.round,
    device_id: r.deviceId,
    cluster_id: r.clusterId,
    by_device: r.byDevice,
    digest: Buffer.from(r.digest, "hex"),
    assurance: of.assurance,
    window_no: r.windowNo,
    stratum: r.stratum,
    rate: r.rate,
    is_asked: r.isAsked,
    at: of.at,
  }));
  await tx`insert into refutations ${tx(rows)} on conflict do nothing`;
}
