import "server-only";
import { type AccountId, idOf, type JobId, type PoolId } from "#lib/domain/ids.ts";
import type { JobState } from "#lib/domain/job/job.ts";
import { accountName } from "../accounts/account-store.ts";
import type { Reader } from "../db/client.ts";

export type PoolJobRow = {
  id: JobId;
  name: string;
  ownerId: AccountId;
  owner: string;
  state: JobState;
  shardCount: number;
  acceptedCount: number;
  failedCount: number;
  createdAt: Date;
};

/** The newest jobs of a pool, whoever submitted them. Only members submit to a pool, and who left may have some. */
export async function listJobsOfPool(reader: Reader, { poolId, limit }: { poolId: PoolId; limit: number }): Promise<PoolJobRow[]> {
  const rows = await reader<(Omit<PoolJobRow, "id" | "ownerId"> & { id: string; ownerId: string })[]>`
    select j.id, j.name, j.account_id as "ownerId", ${accountName(reader)} as owner, j.state, j.shard_count as "shardCount", j.created_at as "createdAt",
      coalesce(c.accepted, 0)::int as "acceptedCount", coalesce(c.failed, 0)::int as "failedCount"
    from (select * from jobs where spec->'visibility'->>'pool' = ${poolId} order by created_at desc, id desc limit ${limit}) j
    join accounts a on a.id = j.account_id
    left join lateral (select sum(accepted) as accepted, sum(failed) as failed from job_counters where job_id = j.id) c on true
    order by j.created_at desc, j.id desc`;
  return rows.map(({ id, ownerId, ...row }) => ({ ...row, id: idOf("job", id), ownerId: idOf("acc", ownerId) }));
}
