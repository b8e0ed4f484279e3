import "server-only";
import type { Services } from "../context.ts";
import { announceEnds } from "../jobs/retention/announce-ends.ts";
import { pushDue } from "../push/push-due.ts";
import { warnLowBudgets } from "./warn-low-budgets.ts";

/** Tells what no change of a job tells by itself, and pushes what was told to browsers that asked for it. */
export async function runNotices(services: Services): Promise<{ lowBudgets: number; leaving: number; pushed: number }> {
  return { lowBudgets: await warnLowBudgets(services), leaving: await announceEnds(services), pushed: await pushDue(services) };
}
