import "server-only";
import { type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Outcome } from "#lib/domain/replica/outcome.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { VerdictState } from "#lib/domain/trust/hold.ts";
import { replicasOf } from "../archive/replicas.ts";
import type { Fragment, Reader } from "../db/client.ts";

export type ShardRow = {
  no: number;
  round: number;
  windowNo: number | null;
  verdict: "accepted" | "failed" | "open";
  reason: string | null;
  outcome: Outcome | null;
  digest: string | null;
  outputBytes: number;
};

/** Up to which window the verdicts of a class are final. */
export async function getClosedWindow(reader: Reader, assurance: AssuranceClass): Promise<number> {
  const [row] = await reader<{ no: number }[]>`select closed_window_no as no from trust_classes where assurance = ${assurance}`;
  return row?.no ?? 0;
}

/** SQL that holds for shards in this state; `closedWindowNo` is the class's. */
function isIn(reader: Reader, state: VerdictState, closedWindowNo: number): Fragment {
  if (state === "revoked") return reader`verdict = 'open'`;
  if (state === "provisional") return reader`verdict <> 'open' and window_no > ${closedWindowNo}`;
  return reader`verdict <> 'open' and (window_no is null or window_no <= ${closedWindowNo})`;
}

/** Shards of a job that have or had a verdict (or have this one, or are in this state), by number from the one after `after` on. */
export async function listShardRows(
  reader: Reader,
  jobId: JobId,
  page: { after: number; limit: number; verdict: "accepted" | "failed" | null; state: VerdictState | null; closedWindowNo: number },
): Promise<ShardRow[]> {
  return await reader<ShardRow[]>`
    select no, round, window_no as "windowNo", verdict, reason, outcome, encode(digest, 'hex') as digest, output_bytes as "outputBytes" from shards
    where job_id = ${uuidOf(jobId)} and no > ${page.after} ${page.verdict ? reader`and verdict = ${page.verdict}` : reader``}
      ${page.state ? reader`and ${isIn(reader, page.state, page.closedWindowNo)}` : reader``}
    order by no limit ${page.limit}`;
}

export type ReplicaRow = {
  no: number;
  device: DeviceId;
  outcome: Outcome;
  digest: string;
  exitCode: number | null;
  trap: string | null;
  durationMs: number;
  agreed: "yes" | "no" | null;
  round: number;
  /** How long the kept stderr is; the text itself is read by `listStderr`. */
  stderrBytes: number;
};

/** What replicas of these shards reported, in order of arrival. */
export async function listReplicaRows(reader: Reader, jobId: JobId, nos: readonly number[]): Promise<ReplicaRow[]> {
  const rows = await reader<(Omit<ReplicaRow, "device"> & { device: string })[]>`
    select shard_no as no, device_id as device, outcome, encode(digest, 'hex') as digest, exit_code as "exitCode", trap, duration_ms as "durationMs", agreed, round,
      coalesce(octet_length(stderr), 0) as "stderrBytes"
    from ${replicasOf(reader, jobId, nos)} as r order by shard_no, round, reported_at, device_id`;
  return rows.map((row) => ({ ...row, device: idOf("dev", row.device) }));
}

export type StderrRow = { no: number; device: DeviceId; stderr: string };

/** The stderr of replicas that agreed with their shard's verdict; what others wrote proves nothing about the program. */
export async function listStderr(reader: Reader, jobId: JobId, nos: readonly number[]): Promise<StderrRow[]> {
  const rows = await reader<{ no: number; device: string; stderr: string }[]>`
    select shard_no as no, device_id as device, stderr from ${replicasOf(reader, jobId, nos)} as r
    where agreed = 'yes' and stderr is not null`;
  return rows.map((row) => ({ ...row, device: idOf("dev", row.device) }));
}
