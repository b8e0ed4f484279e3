import "server-only";
import { type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { ReportedReplica } from "#lib/domain/receipt/decide-receipt.ts";
import { replicasAsked } from "../archive/replicas.ts";
import type { Reader } from "../db/client.ts";

export type ReplicaRow = ReportedReplica & {
  jobId: JobId;
  jobName: string;
  no: number;
  digest: string;
  durationMs: number;
  reportedAt: Date;
  settledAt: Date | null;
  priceMicro: bigint;
};

/** What a device reported about these shards, the latest round of each; by the keys of results, archives and shards, so that the cost is that of the list alone. */
export async function listReportedReplicas(reader: Reader, deviceId: DeviceId, shards: readonly { jobId: JobId; no: number }[]): Promise<ReplicaRow[]> {
  const rows = await reader<(Omit<ReplicaRow, "jobId"> & { jobId: string })[]>`
    with asked as (
      select * from unnest(${shards.map((shard) => uuidOf(shard.jobId))}::uuid[], ${shards.map((shard) => shard.no)}::int[]) as asked (job_id, no))
    select distinct on (r.job_id, r.shard_no) r.job_id as "jobId", j.name as "jobName", r.shard_no as no, r.outcome, encode(r.digest, 'hex') as digest,
      r.duration_ms as "durationMs", r.reported_at as "reportedAt", r.settled_at as "settledAt", r.agreed, s.verdict, j.price_micro as "priceMicro"
    from ${replicasAsked(reader, uuidOf(deviceId))} as r
    join jobs j on j.id = r.job_id
    left join shards s on s.job_id = r.job_id and s.no = r.shard_no
    order by r.job_id, r.shard_no, r.round desc`;
  return rows.map((row) => ({ ...row, jobId: idOf("job", row.jobId) }));
}
