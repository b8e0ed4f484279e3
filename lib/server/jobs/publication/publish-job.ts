import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { publishJob as publishJobEndpoint } from "#lib/protocol/jobs/publication.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { requireAccount } from "../../principal.ts";
import { getOwnJob } from "../get-job.ts";
import { deletePublication, findPublication, insertPublication } from "./publication-store.ts";

type Endpoint = typeof publishJobEndpoint;

/** Whether everybody may read the account's job. */
export async function getPublication(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const { id } = await getOwnJob(ctx, accountId, input.jobId);
  return { publishedAt: (await findPublication(ctx.db, id))?.toISOString() ?? null };
}

/** Lets everybody read the account's job and its result, at any time of its life; published again it stays as it was. */
export async function publishJob(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  const { id } = await getOwnJob(ctx, accountId, input.jobId, "owner");
  await transaction(ctx.db, (tx) => insertPublication(tx, id, ctx.clock.now()));
  return { publishedAt: (await findPublication(ctx.db, id))?.toISOString() ?? null };
}

/** Takes the public page of the account's job back. */
export async function unpublishJob(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  const { id } = await getOwnJob(ctx, accountId, input.jobId, "owner");
  await transaction(ctx.db, (tx) => deletePublication(tx, id));
  return { publishedAt: null };
}
