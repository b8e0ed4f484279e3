import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { listActs as listActsEndpoint } from "#lib/protocol/instance/operations.ts";
import type { Context } from "../context.ts";
import { requireOperator } from "../principal.ts";
import { listActsBefore } from "./act-store.ts";

type Endpoint = typeof listActsEndpoint;

/** A page of what operators did, the newest first; for operators. */
export async function listActs(ctx: Context, { limit, before = Number.MAX_SAFE_INTEGER }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  requireOperator(ctx.principal, "instance:manage");
  const acts = await listActsBefore(ctx.db, { before, limit });
  return { acts: acts.map((act) => ({ ...act, at: act.at.toISOString() })), next: acts.length === limit ? (acts.at(-1)?.no ?? null) : null };
}
