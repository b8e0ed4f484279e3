import "server-only";
import { REPEATING_KINDS } from "#lib/domain/dispatch/lanes.ts";
import { idOf, type JobId } from "#lib/domain/ids.ts";
import { isBudgetLow } from "#lib/domain/notice/is-budget-low.ts";
import type { Services } from "../context.ts";
import type { Reader } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { tellOfJob } from "./tell-of-job.ts";

const JOBS_MAX = 200;

type Spending = { id: JobId; budgetMicro: bigint; committedMicro: bigint; costMicro: bigint; shardCount: number; heads: number[] };

/**
 * Tells owners, once for each budget, of running jobs whose budget will soon be spent and of computed ones with checks that it does not cover any more. Returns how
 * many jobs were found.
 */
export async function warnLowBudgets({ db, clock }: Services): Promise<number> {
  const low = (await listNearlySpent(db)).filter(isBudgetLow);
  for (const { id, budgetMicro, committedMicro } of low) {
    const params = { leftMicro: String(budgetMicro - committedMicro), budgetMicro: String(budgetMicro) };
    await transaction(db, (tx) => tellOfJob(tx, { jobId: id, kind: "budget_low", event: `low:${budgetMicro}`, at: clock.now(), params }));
  }
  const spent = await listUnchecked(db);
  for (const { id, budgetMicro } of spent) {
    await transaction(db, (tx) => tellOfJob(tx, { jobId: id, kind: "budget_low", event: `out:${budgetMicro}`, at: clock.now() }));
  }
  return low.length + spent.length;
}

/** Computed jobs that cannot afford a repetition which waits to be taken, and whose owners were not told of it. */
async function listUnchecked(reader: Reader): Promise<Pick<Spending, "id" | "budgetMicro">[]> {
  const rows = await reader<{ id: string; budgetMicro: bigint }[]>`
    select j.id, c.budget_micro as "budgetMicro" from jobs j join job_cursors c on c.job_id = j.id
    where j.state = 'computed' and c.committed_micro + c.cost_micro > c.budget_micro and exists (
      select 1 from wanted w join shards s on s.job_id = w.job_id and s.no = w.from_no and s.round = w.round and s.verdict <> 'open'
      where w.job_id = j.id and w.taken_at is null and w.kind = any(${[...REPEATING_KINDS]}::text[]))
      and ${isUntold(reader, "out")}
    order by j.id limit ${JOBS_MAX}`;
  return rows.map((row) => ({ ...row, id: idOf("job", row.id) }));
}

/** Whether nobody was told of this budget of job `j` with the cursor `c`. */
function isUntold(reader: Reader, event: "low" | "out") {
  return reader`not exists (
    select 1 from notices n where n.job_id = j.id and n.event = 'job_' || replace(j.id::text, '-', '') || ':budget_low:' || ${event}::text || ':' || c.budget_micro)`;
}

/** Running jobs of which more is to be granted and less than a tenth of the budget is free, and whose owners were not told of it. */
async function listNearlySpent(reader: Reader): Promise<Spending[]> {
  const rows = await reader<(Omit<Spending, "id"> & { id: string })[]>`
    select j.id, c.budget_micro as "budgetMicro", c.committed_micro as "committedMicro", c.cost_micro as "costMicro", j.shard_count as "shardCount", c.heads
    from jobs j join job_cursors c on c.job_id = j.id
    where j.closed_at is null and j.state = 'running' and (c.budget_micro - c.committed_micro) * 10 < c.budget_micro and c.heads[cardinality(c.heads)] < j.shard_count
      and ${isUntold(reader, "low")}
    order by j.id limit ${JOBS_MAX}`;
  return rows.map((row) => ({ ...row, id: idOf("job", row.id) }));
}
