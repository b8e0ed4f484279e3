import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { lockJob } from "../exchange/job-lock.ts";
import { findBlock, finishArchive, isArchivable, listArchivable, moveBlock } from "./archive-store.ts";

const JOBS_AT_ONCE = 50;

/**
 * Makes what old jobs leave behind small: what replicas reported goes into one row for each block of shards, their grants go. Verdicts, counters and books stay as
 * they are, and whoever asks for replicas finds them where they are. What ends in the middle is gone on with.
 */
export async function archiveJobs(services: Services): Promise<{ archived: number }> {
  let archived = 0;
  for (const jobId of await listArchivable(services.db, JOBS_AT_ONCE)) if (await archiveJob(services, jobId)) archived += 1;
  return { archived };
}

async function archiveJob(services: Services, jobId: JobId): Promise<boolean> {
  for (;;) {
    const step = await transaction(services.db, async (tx) => {
      await lockJob(tx, jobId);
      if (!(await isArchivable(tx, jobId))) return "held";
      const blockNo = await findBlock(tx, jobId);
      if (blockNo !== null) await moveBlock(tx, jobId, blockNo);
      else await finishArchive(tx, jobId, services.clock.now());
      return blockNo === null ? "done" : "moved";
    });
    if (step !== "moved") return step === "done";
  }
}
