import "server-only";
import { createHmac } from "node:crypto";
import type { JobId } from "#lib/domain/ids.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { listReports as listEndpoint, reportJob as reportEndpoint } from "#lib/protocol/instance/policy.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { senderOf } from "../http/request-address.ts";
import { findJobAccount } from "../jobs/job-state-store.ts";
import { requireOperator } from "../principal.ts";
import { insertReport, listNewestReports, type Reporter } from "./report-store.ts";

const REPORTS_MAX = 200;

/**
 * Tells the operators about a job, once for each account or device, and for somebody without either once for each network. Throws `not_found` where there is no
 * such job, `unauthenticated` where nothing tells one reporter from another.
 */
export async function reportJob(ctx: Context, { jobId, text }: InputOf<typeof reportEndpoint>): Promise<OutputOf<typeof reportEndpoint>> {
  const reporter = reporterOf(ctx, jobId);
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

/** Whoever reports without account or device is known by a keyed hash of job and network: it names no address and fits no other job. */
function reporterOf(ctx: Context, jobId: JobId): Reporter {
  if (ctx.principal.kind === "device") return ctx.principal.deviceId;
  if (ctx.principal.kind === "account") return ctx.principal.accountId;
  if (!ctx.address) throw new ApiError("unauthenticated");
  const hash = createHmac("sha256", ctx.config.sessionSecret)
    .update(`report ${jobId} ${senderOf(ctx.address)}`)
    .digest("base64url");
  return `net_${hash.slice(0, 24)}`;
}
