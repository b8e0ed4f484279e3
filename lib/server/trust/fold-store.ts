import "server-only";
import { type GrantId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../db/client.ts";

/** Grants that were tallied and not folded since, the oldest first, a bounded number of them. */
export async function listUnfolded(reader: Reader, limit: number): Promise<{ jobId: JobId; grantIds: GrantId[] }[]> {
  const rows = await reader<{ job_id: string; id: string }[]>`
    select job_id, id from grants where unfolded_since is not null order by unfolded_since limit ${limit}`;
  const byJob = Map.groupBy(rows, (row) => row.job_id);
  return [...byJob].map(([jobId, grants]) => ({ jobId: idOf("job", jobId), grantIds: grants.map((row) => idOf("grt", row.id)) }));
}

/** Whether something reported before a moment is not folded yet. */
export async function hasUnfoldedBefore(reader: Reader, before: Date): Promise<boolean> {
  const [row] = await reader<{ found: boolean }[]>`
    select exists (select from grants where unfolded_since is not null and unfolded_since <= ${before})
      or exists (select from grants where untallied_since is not null and untallied_since <= ${before}) as found`;
  return row?.found ?? false;
}

type FreshResult = { no: number; round: number };

/**
 * Marks the judged results in the ranges of these grants as folded, exactly once each, and clears the grants' marks. Returns which shards and rounds they
 * belong to. A result that is judged later marks its own grant or that of the exchange which judged it.
 */
export async function takeFresh(tx: Tx, jobId: JobId, grantIds: readonly GrantId[]): Promise<(FreshResult & { voterId: string })[]> {
  const job = uuidOf(jobId);
  const ids = grantIds.map(uuidOf).sort();
  const grants = await tx<{ from_no: number; to_no: number }[]>`
    update grants set unfolded_since = null where job_id = ${job} and id = any(${ids}::uuid[]) returning from_no, to_no`;
  if (grants.length === 0) return [];
  return await tx<(FreshResult & { voterId: string })[]>`
    update results r set is_folded = true
    from unnest(${grants.map((g) => g.from_no)}::int[], ${grants.map((g) => g.to_no)}::int[]) as g (from_no, to_no)
    where r.job_id = ${job} and r.shard_no >= g.from_no and r.shard_no < g.to_no and r.agreed is not null and not r.is_folded
    returning r.shard_no as no, r.round, r.voter_id as "voterId"`;
}

export type JudgedRow = { no: number; round: number; voterId: string; deviceId: string; clusterId: string; agreed: "yes" | "no"; digest: string };

/** All judged results of these shards in order of arrival. */
export async function listJudged(reader: Reader, jobId: JobId, nos: readonly number[]): Promise<JudgedRow[]> {
  return await reader<JudgedRow[]>`
    select shard_no as no, round, voter_id as "voterId", device_id as "deviceId", coalesce(cluster_id, voter_id) as "clusterId", agreed, encode(digest, 'hex') as digest
    from results where job_id = ${uuidOf(jobId)} and shard_no = any(${[...nos]}::int[]) and agreed is not null order by shard_no, round, reported_at, voter_id`;
}

/** Puts verdicts that were meant for a window which has closed since into the one that is open. */
export async function moveToWindow(tx: Tx, jobId: JobId, move: { nos: readonly number[]; windowNo: number }): Promise<void> {
  await tx`update shards set window_no = ${move.windowNo} where job_id = ${uuidOf(jobId)} and no = any(${[...move.nos]}::int[]) and verdict <> 'open'`;
}
