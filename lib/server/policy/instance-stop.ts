import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { getInstance as getEndpoint, resumeInstance as resumeEndpoint, stopInstance as stopEndpoint } from "#lib/protocol/instance/policy.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { readGauges } from "../metrics/read-gauges.ts";
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
  await transaction(ctx.db, (tx) => insertStop(tx, { reason, by: accountId, at: ctx.clock.now() }));
  ctx.log.warn({ operator: accountId, reason }, "an operator stopped the instance");
  return { stopped: true };
}

/** Ends the emergency stop; for operators. */
export async function resumeInstance(ctx: Context, _input: InputOf<typeof resumeEndpoint>): Promise<OutputOf<typeof resumeEndpoint>> {
  const { accountId } = requireOperator(ctx.principal, "instance:manage");
  await transaction(ctx.db, (tx) => endStop(tx, ctx.clock.now()));
  ctx.log.warn({ operator: accountId }, "an operator resumed the instance");
  return { stopped: false };
}
