import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { endIncident as endEndpoint, postIncident as postEndpoint } from "#lib/protocol/instance/operations.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { requireOperator } from "../principal.ts";
import { insertAct } from "./act-store.ts";
import { closeIncident, type Incident, insertIncident } from "./incident-store.ts";

/** Tells everybody something about the instance; for operators. */
export async function postIncident(ctx: Context, { kind, text }: InputOf<typeof postEndpoint>): Promise<OutputOf<typeof postEndpoint>> {
  const { accountId: by } = requireOperator(ctx.principal, "instance:manage");
  const at = ctx.clock.now();
  return await transaction(ctx.db, async (tx) => {
    await insertAct(tx, { act: "post_incident", by, at, subject: kind, reason: text });
    return viewIncident(await insertIncident(tx, { kind, text, at }));
  });
}

/** Ends what was told; for operators. One that has ended stays as it is. */
export async function endIncident(ctx: Context, { no }: InputOf<typeof endEndpoint>): Promise<OutputOf<typeof endEndpoint>> {
  const { accountId: by } = requireOperator(ctx.principal, "instance:manage");
  const at = ctx.clock.now();
  return await transaction(ctx.db, async (tx) => {
    const ended = await closeIncident(tx, no, at);
    if (ended) await insertAct(tx, { act: "end_incident", by, at, subject: String(no) });
    return { ended };
  });
}

/** An incident as everybody reads it. */
export function viewIncident({ startedAt, endedAt, ...incident }: Incident): OutputOf<typeof postEndpoint> {
  return { ...incident, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null };
}
