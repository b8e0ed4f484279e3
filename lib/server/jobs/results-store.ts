import "server-only";
import { type JobId, type Sha256, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../db/client.ts";

const LENGTH_BYTES = 4;

/** An accepted output: its bytes, or the artifact that holds them. */
export type AcceptedOutput = { no: number; inline: Uint8Array } | { no: number; artifact: Sha256 };

/** Accepted outputs of a job after shard `after`, in shard order; at most `limit`, each with 8 KiB inline at most. `finalBefore` leaves out those of later windows. */
export async function listAcceptedOutputs(reader: Reader, jobId: JobId, page: PageOf): Promise<AcceptedOutput[]> {
  const rows = await reader<OutputRow[]>`
    select no, output, case when output is null then encode(digest, 'hex') end as digest, output_bytes from (${acceptedPage(reader, jobId, page)}) as page order by no`;
  return rows.map(toOutput);
}

type PageOf = { after: number; limit: number; finalBefore: number | null };

function acceptedPage(reader: Reader, jobId: JobId, { after, limit, finalBefore }: PageOf) {
  return reader`
    select no, output, output_bytes, digest from shards where job_id = ${uuidOf(jobId)} and verdict = 'accepted' and no > ${after}
      and (${finalBefore}::int is null or window_no is null or window_no <= ${finalBefore}) order by no limit ${limit}`;
}

type OutputRow = { no: number; output: Uint8Array | null; digest: string | null; output_bytes: number };

function toOutput({ no, output, digest, output_bytes }: OutputRow): AcceptedOutput {
  if (output || output_bytes === 0 || !digest) return { no, inline: output ?? new Uint8Array() };
  return { no, artifact: digest };
}

/**
 * Accepted outputs in shard order as few large values: `inline` are those that stand in rows, one after the other, `digests` the artifacts of the others, 32 bytes
 * each; `lengths` says of each shard how many bytes of `inline` are its own, or -1 where it has an artifact.
 */
export type OutputPage = { lastNo: number; inline: Buffer; lengths: Int32Array; digests: Buffer };

/**
 * A page of accepted outputs as `listAcceptedOutputs` selects them, joined by the database: a value for each shard costs more on its way than all else. Null where
 * there is none. Their bytes travel in base64, because the driver has bytes sent in hexadecimal, which is half as long again and slower to read.
 */
export async function readOutputPage(reader: Reader, jobId: JobId, page: PageOf): Promise<OutputPage | null> {
  const [row] = await reader<{ last: number | null; inline: string | null; lengths: Buffer | null; digests: Buffer | null }[]>`
    select max(no) as last, encode(string_agg(output, ''::bytea order by no), 'base64') as inline,
      string_agg(int4send(case when output is null and output_bytes > 0 then -1 else coalesce(octet_length(output), 0) end), ''::bytea order by no) as lengths,
      string_agg(case when output is null and output_bytes > 0 then digest end, ''::bytea order by no) as digests
    from (${acceptedPage(reader, jobId, page)}) as page`;
  if (row?.last == null || !row.lengths) return null;
  const { last, lengths } = row;
  const none = Buffer.alloc(0);
  return {
    lastNo: last,
    inline: Buffer.from(row.inline ?? "", "base64"),
    lengths: Int32Array.from({ length: lengths.length / LENGTH_BYTES }, (_, at) => lengths.readInt32BE(at * LENGTH_BYTES)),
    digests: row.digests ?? none,
  };
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
