import "server-only";
import { idOf, type JobId } from "#lib/domain/ids.ts";
import { isBudgetLow } from "#lib/domain/notice/is-budget-low.ts";
import type { Services } from "../context.ts";
import type { Reader } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { tellOfJob } from "./tell-of-job.ts";

const JOBS_MAX = 200;

type Spending = { id: JobId; budgetMicro: bigint; committedMicro: bigint; costMicro: bigint; shardCount: number; heads: number[] };

/** Tells owners of running jobs whose budget will soon be spent, once for each budget. Returns how many jobs were found. */
export async function warnLowBudgets({ db, clock }: Services): Promise<number> {
  const low = (await listNearlySpent(db)).filter(isBudgetLow);
  for (const { id, budgetMicro, committedMicro } of low) {
    const params = { leftMicro: String(budgetMicro - committedMicro), budgetMicro: String(budgetMicro) };
    await transaction(db, (tx) => tellOfJob(tx, { jobId: id, kind: "budget_low", event: `low:${budgetMicro}`, at: clock.now(), params }));
  }
  return low.length;
}

/** Running jobs of which more is to be granted and less than a tenth of the budget is free, and whose owners were not told of it. */
async function listNearlySpent(reader: Reader): Promise<Spending[]> {
  const rows = await reader<(Omit<Spending, "id"> & { id: string })[]>`
    select j.id, c.budget_micro as "budgetMicro", c.committed_micro as "committedMicro", c.cost_micro as "costMicro", j.shard_count as "shardCount", c.heads
    from jobs j join job_cursors c on c.job_id = j.id
    where j.closed_at is null and j.state = 'running' and (c.budget_micro - c.committed_micro) * 10 < c.budget_micro and c.heads[cardinality(c.heads)] < j.shard_count
      and not exists (select 1 from notices n where n.job_id = j.id and n.event = 'job_' || replace(j.id::text, '-', '') || ':budget_low:low:' || c.budget_micro)
    order by j.id limit ${JOBS_MAX}`;
  return rows.map((row) => ({ ...row, id: idOf("job", row.id) }));
}
