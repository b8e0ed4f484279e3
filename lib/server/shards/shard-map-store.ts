import "server-only";
import { idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { MarkTally } from "#lib/domain/job/shard-map.ts";
import { archivedDissent } from "../archive/replicas.ts";
import type { Reader } from "../db/client.ts";

export type MapRange = { fromNo: number; shardsPerMark: number; hasWrong: boolean /** Verdicts of later windows are provisional. */; closedWindowNo: number };

/**
 * What became of a job's shards from `fromNo` on (the first shard of a mark), counted by marks of `shardsPerMark` shards, in order; marks nobody touched are left out.
 * Only rows of shards from `fromNo` on are looked at, so that somebody who follows a job pays for what is undecided and not for all of it;
 * replicas that disagreed are looked for where `hasWrong` says that there are any. One statement, and so one moment of the job.
 */
export async function listMarks(reader: Reader, jobId: JobId, { fromNo, shardsPerMark, hasWrong, closedWindowNo }: MapRange): Promise<MarkTally[]> {
  const job = uuidOf(jobId);
  const rows = await reader<
    ({ mark: number; device: string | null } & Record<"accepted" | "provisional" | "failed" | "revoked" | "wrong" | "reported" | "granted", number>)[]
  >`
    with archived_dissent as (select * from ${archivedDissent(reader, jobId, fromNo)} as a where ${hasWrong}), decided as (
      select no / ${shardsPerMark}::int as mark, count(*) filter (where verdict = 'accepted') as accepted, count(*) filter (where verdict = 'failed') as failed,
        count(*) filter (where verdict = 'accepted' and window_no > ${closedWindowNo}) as provisional, count(*) filter (where verdict = 'open') as revoked
      from shards where job_id = ${job} and no >= ${fromNo} group by 1
    ), disagreed as (
      select s.no / ${shardsPerMark}::int as mark, count(*) as wrong, count(*) filter (where s.window_no > ${closedWindowNo}) as provisional_wrong
      from shards s where ${hasWrong} and s.job_id = ${job} and s.no >= ${fromNo} and s.verdict = 'accepted'
        and exists (
          select from results where job_id = ${job} and shard_no = s.no and agreed = 'no' and round = s.round
          union all select from archived_dissent d where d.shard_no = s.no and d.round = s.round) group by 1
    ), seen as (
      select shard_no as no, true as is_reported, null::uuid as device_id from results where job_id = ${job} and shard_no >= ${fromNo} and agreed is null
      union all
      select n, false, g.device_id from grants g cross join lateral generate_series(greatest(g.from_no, ${fromNo}), g.to_no - 1) as n
      where g.job_id = ${job} and g.state = 'open' and g.to_no > ${fromNo}
    ), undecided as (
      select no, bool_or(is_reported) as is_reported, min(device_id::text) as device from seen
      where not exists (select from shards s where s.job_id = ${job} and s.no = seen.no) group by no
    ), moving as (
      select no / ${shardsPerMark}::int as mark, count(*) filter (where is_reported) as reported, count(*) filter (where not is_reported) as granted,
        min(device) filter (where not is_reported) as device
      from undecided group by 1
    )
    select mark, (coalesce(accepted, 0) - coalesce(provisional, 0) - coalesce(wrong, 0) + coalesce(provisional_wrong, 0))::int as accepted,
      (coalesce(provisional, 0) - coalesce(provisional_wrong, 0))::int as provisional, coalesce(revoked, 0)::int as revoked, coalesce(failed, 0)::int as failed, coalesce(wrong, 0)::int as wrong,
      coalesce(reported, 0)::int as reported, coalesce(granted, 0)::int as granted, device
    from decided full join disagreed using (mark) full join moving using (mark) order by mark`;
  return rows.map(({ mark, device, ...counts }) => ({ mark, counts, device: device === null ? null : idOf("dev", device) }));
}
