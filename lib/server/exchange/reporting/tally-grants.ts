import "server-only";
import type { GrantId } from "#lib/domain/ids.ts";
import type { Services } from "../../context.ts";
import { endByHealth } from "../end-if-done.ts";
import { listGrantsById } from "../granting/grant-store.ts";
import { getRules, type JobFacts } from "../job-snapshot.ts";
import { listReportedNos } from "./result-store.ts";
import { tallyReports } from "./tally-reports.ts";

/** Tallies everything that grants of a job reported, clears their marks, and ends the job if that was the last of it: for whoever is no exchange. */
export async function tallyGrants(services: Services, facts: JobFacts, ids: readonly GrantId[]): Promise<void> {
  const grants = await listGrantsById(services.db, facts.jobId, ids);
  const nos = [...(await listReportedNos(services.db, facts.jobId, grants)).values()].flat();
  const tally = await tallyReports(services, await getRules(services.db, facts), { nos, grantIds: ids, spread: 0 });
  if (tally.accepted + tally.failed > 0) await endByHealth(services, facts);
}
