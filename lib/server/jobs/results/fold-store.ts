import "server-only";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader } from "../../db/client.ts";

export type FoldedBlock = { blockNo: number; shards: number; state: Uint8Array };

/** The blocks of a job that were folded for good, in order. */
export async function listFoldedBlocks(reader: Reader, jobId: JobId): Promise<FoldedBlock[]> {
  return await reader<FoldedBlock[]>`select block_no as "blockNo", shards, state from job_folds where job_id = ${uuidOf(jobId)} order by block_no`;
}

/** Keeps what a block was folded to. Who folds the same final block folds it to the same, so that the first one stays. */
export async function keepFoldedBlock(reader: Reader, jobId: JobId, block: FoldedBlock): Promise<void> {
  await reader`
    insert into job_folds (job_id, block_no, shards, state) values (${uuidOf(jobId)}, ${block.blockNo}, ${block.shards}, ${block.state}) on conflict do nothing`;
}

/** How many shards from `fromNo` up to but without `toNo` have a verdict that nothing can change any more. */
export async function countFinal(reader: Reader, jobId: JobId, span: { fromNo: number; toNo: number; closedWindowNo: number }): Promise<number> {
  const [row] = await reader<{ count: number }[]>`
    select count(*)::int as count from shards where job_id = ${uuidOf(jobId)} and no >= ${span.fromNo} and no < ${span.toNo}
      and verdict <> 'open' and (window_no is null or window_no <= ${span.closedWindowNo})`;
  return row?.count ?? 0;
}
