import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { lockJob } from "../exchange/job-lock.ts";
import { ARCHIVE_SHARDS, finishArchive, isArchivable, listArchivable, moveBlock } from "./archive-store.ts";

const JOBS_AT_ONCE = 50;

/**
 * Makes what old jobs leave behind small: what replicas reported goes into one row for each block of shards, their grants go. Verdicts, counters and books stay as
 * they are, and whoever asks for replicas finds them where they are. What ends in the middle is gone on with.
 */
export async function archiveJobs(services: Services): Promise<{ archived: number }> {
  let archived = 0;
  for (const { jobId, shardCount } of await listArchivable(services.db, JOBS_AT_ONCE)) {
    if (await archiveJob(services, jobId, Math.ceil(shardCount / ARCHIVE_SHARDS))) archived += 1;
  }
  return { archived };
}

async function archiveJob({ db, clock }: Services, jobId: JobId, blocks: number): Promise<boolean> {
  for (let blockNo = 0; blockNo <= blocks; blockNo++) {
    const isMoved = await transaction(db, async (tx) => {
      await lockJob(tx, jobId);
      if (!(await isArchivable(tx, jobId))) return false;
      if (blockNo < blocks) await moveBlock(tx, jobId, blockNo);
      else await finishArchive(tx, jobId, clock.now());
      return true;
    });
    if (!isMoved) return false;
  }
  return true;
}
