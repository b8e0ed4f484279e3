import "server-only";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Outcome } from "#lib/domain/replica/outcome.ts";
import type { Reader } from "../db/client.ts";

export type OutputRow = {
  no: number;
  verdict: "accepted" | "failed";
  reason: string | null;
  outcome: Outcome | null;
  digest: string | null;
  output: Uint8Array | null;
  outputBytes: number;
  /** The window that has to close before the verdict is final; null where it was final at once. */
  windowNo: number | null;
};

/** Shards with a verdict after number `after`, in order, at most `limit`, with outputs that are kept in place (8 KiB each at most). */
export async function listOutputRows(reader: Reader, jobId: JobId, page: { after: number; limit: number }): Promise<OutputRow[]> {
  return await reader<OutputRow[]>`
    select no, verdict, reason, outcome, encode(digest, 'hex') as digest, output, output_bytes as "outputBytes", window_no as "windowNo" from shards
    where job_id = ${uuidOf(jobId)} and verdict <> 'open' and no > ${page.after} order by no limit ${page.limit}`;
}

/** One shard with a verdict, or null if it has none yet. */
export async function findOutputRow(reader: Reader, jobId: JobId, no: number): Promise<OutputRow | null> {
  const [row] = await listOutputRows(reader, jobId, { after: no - 1, limit: 1 });
  return row?.no === no ? row : null;
}
