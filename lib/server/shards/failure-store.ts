import "server-only";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader } from "../db/client.ts";

/** How most failed shards of a job ended: the program's outcome with its exit code or trap, or why there was no verdict. Looks at 100 of them. */
export async function findCommonFailure(reader: Reader, jobId: JobId): Promise<string> {
  const [row] = await reader<{ outcome: string; exit_code: number | null; trap: string | null }[]>`
    select coalesce(s.outcome, s.reason) as outcome, r.exit_code, r.trap
    from (select no, outcome, reason from shards where job_id = ${uuidOf(jobId)} and verdict = 'failed' order by no limit 100) s
    left join lateral (select exit_code, trap from results where job_id = ${uuidOf(jobId)} and shard_no = s.no and outcome = s.outcome limit 1) r on true
    group by 1, 2, 3 order by count(*) desc limit 1`;
  if (!row) return "unknown";
  if (row.exit_code !== null) return `exit code ${row.exit_code}`;
  return row.trap !== null ? `trap: ${row.trap}` : row.outcome;
}
