import "server-only";
import type { Reader } from "../db/client.ts";

/** Jobs that wait for an operator, and since when the first of them does. */
export async function countWaiting(reader: Reader): Promise<{ count: number; oldest: Date | null }> {
  const [row] = await reader<{ count: number; oldest: Date | null }[]>`
    select count(*)::int as count, min(requested_at) as oldest from job_reviews where decision is null`;
  return row ?? { count: 0, oldest: null };
}

/** Jobs that ended before a moment and are not closed: something of them still moves. */
export async function countUnclosed(reader: Reader, endedBefore: Date): Promise<number> {
  const [row] = await reader<{ count: number }[]>`select count(*)::int as count from jobs where closed_at is null and ended_at < ${endedBefore}`;
  return row?.count ?? 0;
}

/** What was counted last of all that the instance has done; null before the first count. */
export async function findLastSample(reader: Reader): Promise<{ accepted: number; failed: number; replicas: number; wrong: number } | null> {
  const [row] = await reader<{ accepted: number; failed: number; replicas: number; wrong: number }[]>`
    select accepted::float8 as accepted, failed::float8 as failed, replicas::float8 as replicas, wrong::float8 as wrong
    from network_samples order by at desc limit 1`;
  return row ?? null;
}
