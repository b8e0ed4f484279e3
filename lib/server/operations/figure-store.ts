import "server-only";
import { idOf, type JobId } from "#lib/domain/ids.ts";
import { OPEN_JOB_STATES } from "#lib/domain/job/job.ts";
import type { Reader } from "../db/client.ts";

/** Trusted devices seen since a moment, those whose results settle nothing any more, and devices whose key was revoked. */
export async function countSpecialDevices(reader: Reader, seenSince: Date): Promise<{ trusted: number; suspended: number; revoked: number }> {
  const [row] = await reader<{ trusted: number; suspended: number; revoked: number }[]>`
    select (select count(*)::int from devices where trusted and revoked_at is null and last_seen_at >= ${seenSince}) as trusted,
      (select count(*)::int from device_trust where suspended_at is not null) as suspended,
      (select count(*)::int from devices where revoked_at is not null) as revoked`;
  return row ?? { trusted: 0, suspended: 0, revoked: 0 };
}

/** Open jobs with the most replicas that disagreed with a verdict. */
export async function listDisagreements(reader: Reader, limit: number): Promise<{ jobId: JobId; name: string; wrong: number; replicas: number }[]> {
  const rows = await reader<{ id: string; name: string; wrong: number; replicas: number }[]>`
    select j.id, j.name, sum(c.wrong)::float8 as wrong, sum(c.replicas)::float8 as replicas from jobs j join job_counters c on c.job_id = j.id
    where j.state = any(${[...OPEN_JOB_STATES]}::text[]) group by j.id, j.name having sum(c.wrong) > 0 order by sum(c.wrong) desc, j.id limit ${limit}`;
  return rows.map(({ id, ...row }) => ({ jobId: idOf("job", id), ...row }));
}

/** Further replicas that nobody took yet, by why they are wanted. */
export async function countWanted(reader: Reader, now: Date): Promise<{ kind: string; count: number; oldestS: number }[]> {
  return await reader<{ kind: string; count: number; oldestS: number }[]>`
    select kind, count(*)::int as count, greatest(0, extract(epoch from ${now}::timestamptz - min(created_at)))::float8 as "oldestS"
    from wanted where taken_at is null group by kind order by kind`;
}

export type ChainRow = { head: number; nextBlock: number; followedAt: Date | null; frozen: string | null };

/** How far the chain was followed; null where it was never looked at. */
export async function findChain(reader: Reader, chainId: number): Promise<ChainRow | null> {
  const [row] = await reader<ChainRow[]>`
    select head::float8 as head, next_block::float8 as "nextBlock", followed_at as "followedAt", frozen from pools where chain_id = ${chainId}`;
  return row ?? null;
}
