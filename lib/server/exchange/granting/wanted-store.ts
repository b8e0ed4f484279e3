import "server-only";
import type { WantedKind } from "#lib/domain/dispatch/lanes.ts";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Tx } from "../../db/client.ts";

export type NewWanted = {
  fromNo: number;
  toNo: number;
  kind: WantedKind;
  ordinal: string;
  attempt: number;
  excluded: string[];
  excludedUntil: Date;
  createdAt: Date;
};
export type Wanted = NewWanted & { round: number };

/** Asks for replicas beyond the passes; a want that was asked before, taken or not, changes nothing. Sorted, so that two inserters cannot deadlock. */
export async function insertWanted(tx: Tx, jobId: JobId, wants: readonly NewWanted[]): Promise<void> {
  if (wants.length === 0) return;
  const rows = [...wants]
    .sort((a, b) => a.fromNo - b.fromNo || a.kind.localeCompare(b.kind) || a.ordinal.localeCompare(b.ordinal))
    .map((w) => ({
      job_id: uuidOf(jobId),
      from_no: w.fromNo,
      to_no: w.toNo,
      kind: w.kind,
      ordinal: w.ordinal,
      attempt: w.attempt,
      excluded: w.excluded,
      excluded_until: w.excludedUntil,
      created_at: w.createdAt,
    }));
  await tx`insert into wanted ${tx(rows)} on conflict do nothing`;
}

type WantedRow = {
  from_no: number;
  to_no: number;
  round: number;
  kind: WantedKind;
  ordinal: string;
  attempt: number;
  excluded: string[];
  excluded_until: Date;
  created_at: Date;
};

/**
 * Locks up to 32 open wants of a job that this voter may take, oldest first. Rows another exchange looks at are passed over, so nobody waits.
 * Wants whose shards all have verdicts are left lying. A want is never offered to a voter who reported one of its shards or holds one in an open grant, nor to an excluded one before its time;
 * `onlyBefore` holds a trusted device back until others had their chance, opinions apart, which it may give at once.
 */
export async function lockWanted(tx: Tx, jobId: JobId, asker: { voterId: string; now: Date; onlyBefore: Date | null }): Promise<Wanted[]> {
  const rows = await tx<WantedRow[]>`
    select from_no, to_no, round, kind, ordinal, attempt, excluded, excluded_until, created_at from wanted w
    where job_id = ${uuidOf(jobId)} and taken_at is null
      and (excluded_until <= ${asker.now} or not ${asker.voterId}::uuid = any(excluded))
      and (${asker.onlyBefore}::timestamptz is null or kind = 'opinion' or created_at <= ${asker.onlyBefore})
      and (select count(*) from shards s where s.job_id = ${uuidOf(jobId)} and s.no >= w.from_no and s.no < w.to_no) < w.to_no - w.from_no
      and not exists (select 1 from results r where r.job_id = ${uuidOf(jobId)} and r.voter_id = ${asker.voterId} and r.shard_no >= w.from_no and r.shard_no < w.to_no)
      and not exists (select 1 from grants g where g.job_id = ${uuidOf(jobId)} and g.voter_id = ${asker.voterId} and g.state = 'open' and g.from_no < w.to_no and g.to_no > w.from_no)
    order by created_at limit 32 for update of w skip locked`;
  return rows.map((r) => ({
    fromNo: r.from_no,
    toNo: r.to_no,
    round: r.round,
    kind: r.kind,
    ordinal: r.ordinal,
    attempt: r.attempt,
    excluded: r.excluded,
    excludedUntil: r.excluded_until,
    createdAt: r.created_at,
  }));
}

/** Marks locked wants as taken. */
export async function takeWanted(tx: Tx, jobId: JobId, taken: { wants: readonly Wanted[]; at: Date }): Promise<void> {
  if (taken.wants.length === 0) return;
  await tx`
    update wanted w set taken_at = ${taken.at}
    from unnest(${taken.wants.map((w) => w.fromNo)}::int[], ${taken.wants.map((w) => w.kind)}::text[], ${taken.wants.map((w) => w.ordinal)}::text[], ${taken.wants.map((w) => w.round)}::smallint[])
      as t (from_no, kind, ordinal, round)
    where w.job_id = ${uuidOf(jobId)} and w.from_no = t.from_no and w.kind = t.kind and w.ordinal = t.ordinal and w.round = t.round`;
}
