import "server-only";
import { idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { type JobState, OPEN_JOB_STATES } from "#lib/domain/job/job.ts";
import { accountName } from "../accounts/account-store.ts";
import type { Reader } from "../db/client.ts";

export type InstanceJobRow = {
  jobId: JobId;
  name: string;
  state: JobState;
  isHeld: boolean;
  owner: string;
  program: string;
  shardCount: number;
  acceptedCount: number;
  reports: number;
  createdAt: Date;
};

/** Jobs of all owners, open ones first, then the newest; after one of an earlier page. `search` is looked for in name, id, program and owner. */
export async function listInstanceJobRows(reader: Reader, page: { limit: number; after: JobId | null; search: string | null }): Promise<InstanceJobRow[]> {
  const isOpen = reader`j.state = any(${[...OPEN_JOB_STATES]}::text[])`;
  const program = reader`j.spec->'program'->'artifact'->>'sha256'`;
  const found = page.search?.toLowerCase().replace(/^job_/, "") ?? null;
  const rows = await reader<(Omit<InstanceJobRow, "jobId"> & { id: string })[]>`
    select j.id, j.name, j.state, ${accountName(reader)} as owner, ${program} as program, j.shard_count as "shardCount", j.created_at as "createdAt",
      exists (select 1 from job_reviews r where r.job_id = j.id and r.decision is null) as "isHeld",
      (select coalesce(sum(accepted), 0)::int from job_counters c where c.job_id = j.id) as "acceptedCount",
      (select count(*)::int from job_reports r where r.job_id = j.id) as reports
    from jobs j join accounts a on a.id = j.account_id
    where (${found}::text is null or strpos(lower(j.name), ${found}) > 0 or strpos(replace(j.id::text, '-', ''), ${found}) = 1 or strpos(${program}, ${found}) = 1
        or strpos(${accountName(reader)}, ${found}) = 1)
      and (${page.after ? uuidOf(page.after) : null}::uuid is null or (${isOpen}, j.created_at, j.id) <
        (select ${isOpen}, j.created_at, j.id from jobs j where j.id = ${page.after ? uuidOf(page.after) : null}::uuid))
    order by ${isOpen} desc, j.created_at desc, j.id desc limit ${page.limit}`;
  return rows.map(({ id, ...row }) => ({ jobId: idOf("job", id), ...row }));
}
