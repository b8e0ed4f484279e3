import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { listReports as listEndpoint, reportJob as reportEndpoint } from "#lib/protocol/instance/policy.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { findJobAccount } from "../jobs/job-state-store.ts";
import { requireOperator } from "../principal.ts";
import { insertReport, listNewestReports } from "./report-store.ts";

const REPORTS_MAX = 200;

/** Tells the operators about a job, once for each account or device. Throws `not_found` where there is no such job. */
export async function reportJob(ctx: Context, { jobId, text }: InputOf<typeof reportEndpoint>): Promise<OutputOf<typeof reportEndpoint>> {
  if (ctx.principal.kind === "anonymous") throw new ApiError("unauthenticated");
  const reporter = ctx.principal.kind === "device" ? ctx.principal.deviceId : ctx.principal.accountId;
  if (!(await findJobAccount(ctx.db, jobId))) throw new ApiError("not_found", { what: "job" });
  await transaction(ctx.db, (tx) => insertReport(tx, { jobId, reporter, text, at: ctx.clock.now() }));
  ctx.log.warn({ reporter, jobId }, "somebody reported a job");
  return { reported: true };
}

/** What people said about jobs; for operators. */
export async function listReports(ctx: Context, _input: InputOf<typeof listEndpoint>): Promise<OutputOf<typeof listEndpoint>> {
  requireOperator(ctx.principal, "instance:manage");
  const reports = await listNewestReports(ctx.db, REPORTS_MAX);
  return { reports: reports.map((report) => ({ ...report, reportedAt: report.reportedAt.toISOString() })) };
}
