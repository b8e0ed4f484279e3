import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { listRules as listEndpoint, removeRule as removeEndpoint, setRule as setEndpoint } from "#lib/protocol/instance/policy.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { insertAct } from "../operations/act-store.ts";
import { requireOperator } from "../principal.ts";
import { deleteRule, listNewestRules, listOpenJobsOf, lockPolicy, upsertRule } from "./policy-store.ts";
import { endByPolicy } from "./take-down-job.ts";

const RULES_MAX = 500;

/** What operators decided about programs and accounts; for operators. */
export async function listRules(ctx: Context, _input: InputOf<typeof listEndpoint>): Promise<OutputOf<typeof listEndpoint>> {
  requireOperator(ctx.principal, "instance:manage");
  const rules = await listNewestRules(ctx.db, RULES_MAX);
  return { rules: rules.map((rule) => ({ ...rule, decidedAt: rule.decidedAt.toISOString() })) };
}

/**
 * Allows or denies a program or an account; for operators. A denial ends the open jobs of its subject. A job that is being submitted meanwhile either is
 * refused or is among those that are ended.
 */
export async function setRule(ctx: Context, input: InputOf<typeof setEndpoint>): Promise<OutputOf<typeof setEndpoint>> {
  const { accountId } = requireOperator(ctx.principal, "instance:manage");
  const subject = input.subject.toLowerCase();
  const kind = subject.startsWith("0x") || subject.startsWith("acc_") ? "account" : "program";
  const at = ctx.clock.now();
  const open = await transaction(ctx.db, async (tx) => {
    await lockPolicy(tx, "alone");
    await upsertRule(tx, { ...input, subject, kind, by: accountId, decidedAt: at });
    await insertAct(tx, { act: input.verdict, by: accountId, at, subject, reason: input.reason });
    return input.verdict === "deny" ? await listOpenJobsOf(tx, { kind, subject }) : [];
  });
  const takenDown: JobId[] = [];
  for (const jobId of open) if (await endByPolicy(ctx, { jobId, reason: input.reason })) takenDown.push(jobId);
  ctx.log.warn({ operator: accountId, subject, verdict: input.verdict, takenDown: takenDown.length }, "an operator set a rule");
  return { takenDown };
}

/** Takes a rule back; for operators. */
export async function removeRule(ctx: Context, input: InputOf<typeof removeEndpoint>): Promise<OutputOf<typeof removeEndpoint>> {
  const { accountId: by } = requireOperator(ctx.principal, "instance:manage");
  const subject = input.subject.toLowerCase();
  return await transaction(ctx.db, async (tx) => {
    const removed = await deleteRule(tx, subject);
    if (removed) await insertAct(tx, { act: "remove_rule", by, at: ctx.clock.now(), subject });
    return { removed };
  });
}
