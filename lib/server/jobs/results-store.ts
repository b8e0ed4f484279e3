import "server-only";
import { type JobId, type Sha256, uuidOf } from "#lib/domain/ids.ts";
import type { Reader } from "../db/client.ts";

/** An accepted output: its bytes, or the artifact that holds them. */
export type AcceptedOutput = { no: number; inline: Uint8Array } | { no: number; artifact: Sha256 };

/** Accepted outputs of a job after shard `after`, in shard order; at most `limit`, each with 8 KiB inline at most. */
export async function listAcceptedOutputs(reader: Reader, jobId: JobId, page: { after: number; limit: number }): Promise<AcceptedOutput[]> {
  const rows = await reader<{ no: number; output: Uint8Array | null; digest: string | null; output_bytes: number }[]>`
    select no, output, encode(digest, 'hex') as digest, output_bytes from shards
    where job_id = ${uuidOf(jobId)} and verdict = 'accepted' and no > ${page.after} order by no limit ${page.limit}`;
  return rows.map(({ no, output, digest, output_bytes }) => {
    if (output || output_bytes === 0 || !digest) return { no, inline: output ?? new Uint8Array() };
    return { no, artifact: digest };
  });
}
