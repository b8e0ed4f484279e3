import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { getInstance as getEndpoint, resumeInstance as resumeEndpoint, stopInstance as stopEndpoint } from "#lib/protocol/instance/policy.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { readGauges } from "../metrics/read-gauges.ts";
import { insertAct } from "../operations/act-store.ts";
import { requireOperator } from "../principal.ts";
import { endStop, findStop, insertStop } from "./stop-store.ts";

/** The instance as an operator sees it; for operators. */
export async function getInstance(ctx: Context, _input: InputOf<typeof getEndpoint>): Promise<OutputOf<typeof getEndpoint>> {
  requireOperator(ctx.principal, "instance:manage");
  const [gauges, stop] = await Promise.all([readGauges(ctx.db, ctx.clock.now()), findStop(ctx.db)]);
  return {
    ...gauges,
    programReview: ctx.config.programReview,
    stop: stop ? { reason: stop.reason, stoppedAt: stop.stoppedAt.toISOString() } : null,
  };
}

/** Stops all grants of the instance until it is resumed; for operators. Devices hand back what they run at their next exchange. */
export async function stopInstance(ctx: Context, { reason }: InputOf<typeof stopEndpoint>): Promise<OutputOf<typeof stopEndpoint>> {
  const { accountId } = requireOperator(ctx.principal, "instance:manage");
  const at = ctx.clock.now();
  await transaction(ctx.db, async (tx) => {
    await insertStop(tx, { reason, by: accountId, at });
    await insertAct(tx, { act: "stop", by: accountId, at, reason });
  });
  ctx.log.warn({ operator: accountId, reason }, "an operator stopped the instance");
  return { stopped: true };
}

/** Ends the emergency stop; for operators. */
export async function resumeInstance(ctx: Context, _input: InputOf<typeof resumeEndpoint>): Promise<OutputOf<typeof resumeEndpoint>> {
  const { accountId } = requireOperator(ctx.principal, "instance:manage");
  const at = ctx.clock.now();
  await transaction(ctx.db, async (tx) => {
    await endStop(tx, at);
    await insertAct(tx, { act: "resume", by: accountId, at });
  });
  ctx.log.warn({ operator: accountId }, "an operator resumed the instance");
  return { stopped: false };
}
