import "server-only";
import type { Sha256 } from "#lib/domain/ids.ts";
import type { Services } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { transaction } from "../../db/transaction.ts";
import { lockJob } from "../../exchange/job-lock.ts";
import { letResultsGo } from "../../jobs/retention/let-results-go.ts";
import { lockArtifact } from "../artifact-store.ts";
import { removeIfUnused } from "../record-artifact.ts";
import { deleteUnusedOwner, dropJobUploads, isJobOver, listJobUploads, listOverJobs, listUnusedOwners } from "./collect-store.ts";

/** An upload that no job uses is kept so long after it came, or came again. */
export const UNUSED_MS = 24 * 3_600_000;
const JOBS_AT_ONCE = 100;
const UPLOADS_AT_ONCE = 500;

/**
 * Removes uploads that no job of their account has used for a day, and before that lets jobs go of theirs that closed long enough ago. Outputs of jobs whose
 * results have ended go too; indexes stay. What several accounts or jobs have is removed with the last of them. A submission that comes meanwhile has renewed what it names, or finds it gone.
 */
export async function collectArtifacts(services: Services): Promise<{ jobs: number; results: number; uploads: number; artifacts: number }> {
  const now = services.clock.now();
  const closedBefore = new Date(now.getTime() - services.config.jobFilesMs);
  const jobs = await listOverJobs(services.db, closedBefore, JOBS_AT_ONCE);
  const count = { jobs: jobs.length, results: 0, uploads: 0, artifacts: 0 };
  for (const jobId of jobs) {
    count.artifacts += await transaction(services.db, async (tx) => {
      await lockJob(tx, jobId);
      if (!(await isJobOver(tx, jobId, closedBefore))) return 0;
      const sha256s = await listJobUploads(tx, jobId);
      await lockAll(tx, sha256s);
      await dropJobUploads(tx, jobId, now);
      return await removeUnused(tx, services, sha256s);
    });
  }
  const gone = await letResultsGo(services);
  count.results += gone.jobs;
  count.artifacts += gone.artifacts;
  const sentBefore = new Date(now.getTime() - UNUSED_MS);
  for (const owner of await listUnusedOwners(services.db, sentBefore, UPLOADS_AT_ONCE)) {
    await transaction(services.db, async (tx) => {
      await lockAll(tx, [owner.sha256]);
      if (!(await deleteUnusedOwner(tx, owner, sentBefore))) return;
      count.uploads += 1;
      count.artifacts += await removeUnused(tx, services, [owner.sha256]);
    });
  }
  return count;
}

/** In one order, so that two who hold several never wait for each other. */
async function lockAll(tx: Tx, sha256s: readonly Sha256[]): Promise<void> {
  for (const sha256 of sha256s.toSorted()) await lockArtifact(tx, sha256);
}

async function removeUnused(tx: Tx, services: Services, sha256s: readonly Sha256[]): Promise<number> {
  let removed = 0;
  for (const sha256 of sha256s) if (await removeIfUnused(tx, services, sha256)) removed += 1;
  return removed;
}
