import "server-only";
import type { Services } from "../context.ts";
import { warnLowBudgets } from "./warn-low-budgets.ts";

/** Tells what no change of a job tells by itself. */
export async function runNotices(services: Services): Promise<{ lowBudgets: number }> {
  return { lowBudgets: await warnLowBudgets(services) };
}
