import "server-only";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import type { Services } from "../context.ts";
import type { Job } from "../jobs/job-store.ts";
import { getInstanceTrust } from "../trust/get-instance-trust.ts";
import { findReach, findReduction } from "./reduction-store.ts";

/** How far the job's own reducer is; null where its result is made by another. */
export async function getReductionView(services: Services, { id, spec: { reducer } }: Job): Promise<JobView["reduction"]> {
  if (reducer.kind !== "wasi") return null;
  const [found, { shards }] = await Promise.all([findReduction(services.db, id), findReach(services.db, id)]);
  if (!found) throw new Error(`the reduction of ${id} is not there`);
  const isWaiting = found.state === "going" && (await getInstanceTrust(services)).trustedDevices === 0;
  return { state: isWaiting ? "waits" : found.state, format: reducer.format, shards, failure: found.failure };
}
