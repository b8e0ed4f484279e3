import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import { lockArtifact } from "../../artifacts/artifact-store.ts";
import { removeIfUnused } from "../../artifacts/record-artifact.ts";
import type { Services } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { clearOutputs, dropOutputs, finishClearing, listEnded } from "./retention-store.ts";

const JOBS_AT_ONCE = 20;
const OUTPUTS_AT_ONCE = 200;
const SHARDS_AT_ONCE = 5000;

/**
 * Removes the outputs of jobs whose results have ended: nobody reads them any more, for that date is looked at by whoever would. Digests, verdicts, figures and
 * books stay. What ends in the middle is gone on with.
 */
export async function letResultsGo(services: Services): Promise<{ jobs: number; artifacts: number }> {
  const gone = { jobs: 0, artifacts: 0 };
  for (const jobId of await listEnded(services.db, services.clock.now(), JOBS_AT_ONCE)) {
    gone.artifacts += await removeOutputs(services, jobId);
    let after: number | null = -1;
    while (after !== null) after = await clearPage(services, jobId, after);
    await transaction(services.db, (tx) => finishClearing(tx, jobId, services.clock.now()));
    gone.jobs += 1;
  }
  return gone;
}

async function clearPage(services: Services, jobId: JobId, after: number): Promise<number | null> {
  return await transaction(services.db, (tx) => clearOutputs(tx, jobId, { after, limit: SHARDS_AT_ONCE }));
}

async function removeOutputs(services: Services, jobId: JobId): Promise<number> {
  let removed = 0;
  for (;;) {
    const dropped = await transaction(services.db, async (tx) => {
      const sha256s = await dropOutputs(tx, jobId, OUTPUTS_AT_ONCE);
      let count = 0;
      for (const sha256 of sha256s.toSorted()) {
        await lockArtifact(tx, sha256);
        if (await removeIfUnused(tx, services, sha256)) count += 1;
      }
      return { outputs: sha256s.length, count };
    });
    removed += dropped.count;
    if (dropped.outputs < OUTPUTS_AT_ONCE) return removed;
  }
}
