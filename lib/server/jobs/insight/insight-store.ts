import "server-only";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { SampledVerdict } from "#lib/domain/job/history.ts";
import type { Outcome } from "#lib/domain/replica/outcome.ts";
import { replicasIn, replicasOf } from "../../archive/replicas.ts";
import type { Reader } from "../../db/client.ts";

/** When these shards got their verdict and how long their agreeing replicas ran: a look-up by key for each number, however large the job is. */
export async function listVerdicts(reader: Reader, jobId: JobId, nos: readonly number[]): Promise<SampledVerdict[]> {
  const job = uuidOf(jobId);
  const rows = await reader<{ decided_at: Date; ran: number[] | null }[]>`
    select s.decided_at, r.ran from shards s
    left join (select shard_no, array_agg(duration_ms) as ran from ${replicasOf(reader, jobId, nos)} as r where agreed = 'yes' group by shard_no) as r on r.shard_no = s.no
    where s.job_id = ${job} and s.no = any(${[...nos]}::int[]) and s.verdict is not null`;
  return rows.map(({ decided_at, ran }) => ({ atMs: decided_at.getTime(), ranMs: ran ?? [] }));
}

export type FailureRow = {
  reason: string | null;
  outcome: Outcome | null;
  exitCode: number | null;
  trap: string | null;
  count: number;
  shards: number[];
};

/** Failed shards that failed alike, the largest group first, of the first `looked` by number. Exit code and trap are those of replicas that agreed with the verdict. */
export async function listFailureRows(reader: Reader, jobId: JobId, bounds: { looked: number; groups: number; shards: number }): Promise<FailureRow[]> {
  const job = uuidOf(jobId);
  return await reader<FailureRow[]>`
    with failed as (select no, reason, outcome from shards where job_id = ${job} and verdict = 'failed' order by no limit ${bounds.looked}),
      ends as (
        select f.no, f.reason, f.outcome, min(r.exit_code) as exit_code, min(r.trap) as trap from failed f
        left join ${replicasIn(reader, jobId, reader`failed`)} as r on r.shard_no = f.no and r.agreed = 'yes' group by f.no, f.reason, f.outcome)
    select reason, outcome, exit_code as "exitCode", trap, count(*)::int as count, (array_agg(no order by no))[1:${bounds.shards}::int] as shards
    from ends group by reason, outcome, exit_code, trap order by count desc, min(no) limit ${bounds.groups}`;
}

/** What an agreeing replica of each of these shards wrote to stderr, by shard; at most so many characters of each. */
export async function listLogs(reader: Reader, jobId: JobId, query: { nos: readonly number[]; charsMax: number }): Promise<Map<number, string>> {
  const rows = await reader<{ no: number; stderr: string }[]>`
    select distinct on (shard_no) shard_no as no, left(stderr, ${query.charsMax}) as stderr from ${replicasOf(reader, jobId, query.nos)} as r
    where agreed = 'yes' and stderr is not null order by shard_no, reported_at`;
  return new Map(rows.map((row) => [row.no, row.stderr]));
}
