import "server-only";
import type { ErrandEnd } from "#lib/domain/errand/errand.ts";
import { nameEnd, readVerification } from "#lib/domain/errand/errand.ts";
import type { JobId } from "#lib/domain/ids.ts";
import type { Services } from "../context.ts";
import { endByHealth } from "../exchange/end-if-done.ts";
import { getRules, type JobSnapshot } from "../exchange/job-snapshot.ts";
import { tallyReports } from "../exchange/reporting/tally-reports.ts";
import { endJob } from "../jobs/end-job.ts";
import { countVerifications, findMostRejected } from "./errand-store.ts";

/** A verifier that rejects what so many clusters say, and has accepted nothing, is wrong itself or has a program that is. */
const REJECTED_CLUSTERS_MAX = 3;

/** What a verifier said goes into its shard's verdict. One that traps, never ends or says nothing it may say stops its job, and so does one that rejects whatever comes. */
export async function finishVerification(services: Services, snapshot: JobSnapshot, done: { jobId: JobId; shardNo: number; end: ErrandEnd }): Promise<void> {
  const { jobId, shardNo, end } = done;
  const facts = (await snapshot.facts([jobId])).get(jobId);
  if (!facts) return;
  const verification = readVerification(end);
  if (verification === null) {
    await endJob(services, { jobId, state: "failed", reason: { code: "verifier_failed", params: { shard: shardNo, outcome: nameEnd(end) } } });
    return;
  }
  const tally = await tallyReports(services, await getRules(services.db, facts), { nos: [shardNo], grantIds: [], spread: 0 });
  if (tally.accepted + tally.failed > 0) await endByHealth(services, facts);
  if (verification === "rejected") await stopIfRejecting(services, jobId, [shardNo]);
}

/** Stops a job whose verifier has accepted nothing and rejects what several clusters say about one of these shards. */
export async function stopIfRejecting(services: Services, jobId: JobId, nos: readonly number[]): Promise<void> {
  const [most, { accepted }] = await Promise.all([findMostRejected(services.db, jobId, nos), countVerifications(services.db, jobId)]);
  if (!most || most.clusters < REJECTED_CLUSTERS_MAX || accepted > 0) return;
  await endJob(services, { jobId, state: "failed", reason: { code: "verifier_rejects_all", params: { shard: most.no, clusters: most.clusters } } });
}
