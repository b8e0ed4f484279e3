import "server-only";
import type { Context } from "../../context.ts";
import { inTurn, transaction } from "../../db/transaction.ts";
import type { DevicePrincipal } from "../../principal.ts";
import type { JobRules } from "./check-report.ts";
import { isCertain, type Recorded, recordReports, type SortedReports } from "./record-reports.ts";
import { finishTally, type Tally, tallyIn, tallyReports } from "./tally-reports.ts";

const NOTHING_DECIDED: Tally = { accepted: 0, failed: 0 };

/**
 * Stores what a device reported about one job, commits, and decides what can be decided: two transactions, so that of two devices that report the same
 * shard at once the later one sees both. Where it is known before what will be stored, as nearly always, the second begins with the end of the first.
 */
export async function recordAndTally(ctx: Context<DevicePrincipal>, rules: JobRules, reports: SortedReports): Promise<{ recorded: Recorded; tally: Tally }> {
  const { deviceId } = ctx.principal;
  const spread = Number.parseInt(deviceId.slice(-4), 16);
  const toTally = ({ nos, grantIds }: Recorded) => ({ nos, grantIds, spread });
  if (isCertain(reports)) {
    const [recorded, settled] = await inTurn(
      ctx.db,
      async (tx) => await recordReports(tx, rules.jobId, { ...reports, deviceId }),
      async (tx, stored) => await tallyIn(tx, ctx, { rules, tally: toTally(reports.recorded), recorded: stored }),
    );
    return { recorded, tally: await finishTally(ctx, rules, settled) };
  }
  const recorded =
    reports.fresh.length === 0
      ? reports.recorded
      : await transaction<Recorded>(ctx.db, async (tx) => await recordReports(tx, rules.jobId, { ...reports, deviceId }));
  const tally = recorded.grantIds.length === 0 ? NOTHING_DECIDED : await tallyReports(ctx, rules, toTally(recorded));
  return { recorded, tally };
}
