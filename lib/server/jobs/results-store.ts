import "server-only";
import { type JobId, type Sha256, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../db/client.ts";

/** An accepted output: its bytes, or the artifact that holds them. */
export type AcceptedOutput = { no: number; inline: Uint8Array } | { no: number; artifact: Sha256 };

/** Accepted outputs of a job after shard `after`, in shard order; at most `limit`, each with 8 KiB inline at most. `finalBefore` leaves out those of later windows. */
export async function listAcceptedOutputs(
  reader: Reader,
  jobId: JobId,
  page: { after: number; limit: number; finalBefore: number | null },
): Promise<AcceptedOutput[]> {
  const rows = await reader<OutputRow[]>`
    select no, output, case when output is null then encode(digest, 'hex') end as digest, output_bytes from shards
    where job_id = ${uuidOf(jobId)} and verdict = 'accepted' and no > ${page.after}
      and (${page.finalBefore}::int is null or window_no is null or window_no <= ${page.finalBefore}) order by no limit ${page.limit}`;
  return rows.map(toOutput);
}

type OutputRow = { no: number; output: Uint8Array | null; digest: string | null; output_bytes: number };

function toOutput({ no, output, digest, output_bytes }: OutputRow): AcceptedOutput {
  if (output || output_bytes === 0 || !digest) return { no, inline: output ?? new Uint8Array() };
  return { no, artifact: digest };
}

/** The numbers of a job's accepted shards, in order: for jobs of which all fit into memory. */
export async function listAcceptedNos(reader: Reader, jobId: JobId): Promise<number[]> {
  const rows = await reader<{ no: number }[]>`select no from shards where job_id = ${uuidOf(jobId)} and verdict = 'accepted' order by no`;
  return rows.map(({ no }) => no);
}

/** Accepted outputs of the named shards, in shard order, each with 8 KiB inline at most; one that is not accepted any more is left out. */
export async function listOutputsOf(reader: Reader, jobId: JobId, nos: readonly number[]): Promise<AcceptedOutput[]> {
  const rows = await reader<OutputRow[]>`
    select no, output, case when output is null then encode(digest, 'hex') end as digest, output_bytes from shards
    where job_id = ${uuidOf(jobId)} and verdict = 'accepted' and no = any(${[...nos]}::int[]) order by no`;
  return rows.map(toOutput);
}

/** How many accepted shards of a job are final: all of the first moment, and those whose windows are closed. */
export async function countFinalAccepted(reader: Reader, jobId: JobId, closedWindowNo: number): Promise<number> {
  const [row] = await reader<{ count: number }[]>`
    select count(*)::int as count from shards where job_id = ${uuidOf(jobId)} and verdict = 'accepted' and (window_no is null or window_no <= ${closedWindowNo})`;
  return row?.count ?? 0;
}

/** Notes that somebody downloads a job's result now. */
export async function noteDownload(tx: Tx, jobId: JobId, at: Date): Promise<void> {
  await tx`insert into job_downloads (job_id, last_at) values (${uuidOf(jobId)}, ${at}) on conflict (job_id) do update set last_at = excluded.last_at`;
}
