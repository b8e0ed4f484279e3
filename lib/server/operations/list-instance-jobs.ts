import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { listInstanceJobs as listEndpoint } from "#lib/protocol/instance/operations.ts";
import type { Context } from "../context.ts";
import { requireOperator } from "../principal.ts";
import { listInstanceJobRows } from "./instance-job-store.ts";

type Endpoint = typeof listEndpoint;

/** A page of everybody's jobs; for operators. */
export async function listInstanceJobs(ctx: Context, { limit, after, search }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  requireOperator(ctx.principal, "instance:manage");
  const rows = await listInstanceJobRows(ctx.db, { limit: limit + 1, after: after ?? null, search: search || null });
  const jobs = rows.slice(0, limit).map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  return { jobs, next: rows.length > limit ? (jobs.at(-1)?.jobId ?? null) : null };
}
