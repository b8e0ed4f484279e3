import "server-only";
import { type Lane, PRIORITIES, REPEATING_KINDS, type WantedKind } from "#lib/domain/dispatch/lanes.ts";
import { type DeviceId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Tx } from "../../db/client.ts";

export type NewWanted = {
  fromNo: number;
  toNo: number;
  round: number;
  kind: WantedKind;
  lane: Lane;
  ordinal: string;
  attempt: number;
  excluded: string[];
  excludedUntil: Date;
  createdAt: Date;
};
export type Wanted = NewWanted;

/** Asks for replicas beyond the passes; a want that was asked before, taken or not, changes nothing. Sorted, so that two inserters cannot deadlock. */
export async function insertWanted(tx: Tx, jobId: JobId, wants: readonly NewWanted[]): Promise<void> {
  if (wants.length === 0) return;
  const rows = [...wants]
    .sort((a, b) => a.fromNo - b.fromNo || a.round - b.round || a.kind.localeCompare(b.kind) || a.ordinal.localeCompare(b.ordinal))
    .map((w) => ({
      job_id: uuidOf(jobId),
      from_no: w.fromNo,
      to_no: w.toNo,
      round: w.round,
      kind: w.kind,
      lane: w.lane,
      priority: PRIORITIES[w.kind],
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
  lane: Lane;
  ordinal: string;
  attempt: number;
  excluded: string[];
  excluded_until: Date;
  created_at: Date;
};

export type WantedAsker = {
  voterId: string;
  deviceId: DeviceId;
  clusterId: string;
  lanes: readonly Lane[];
  /** Whether the job still gives out replicas that are no repetition of what has a verdict. */
  isRunning: boolean;
  now: Date;
  onlyBefore: Date | null;
};

/**
 * Locks up to 32 open wants of a job that this device may take, the most urgent and then the oldest first. Rows another exchange looks at are passed over, so
 * nobody waits. Wants that came to nothing are left lying: a repetition of a round that was revoked meanwhile, and anything else whose shards all have verdicts.
 * A want is never offered to a device, a voter or a cluster that reported one of its shards in that round or holds one in an open grant, nor to an excluded one before
 * its time; `onlyBefore` holds a trusted device back until others had their chance, except for opinions and what only it may do.
 */
export async function lockWanted(tx: Tx, jobId: JobId, asker: WantedAsker): Promise<Wanted[]> {
  const job = uuidOf(jobId);
  const { voterId, clusterId, now, onlyBefore } = asker;
  const device = uuidOf(asker.deviceId);
  const repeating = [...REPEATING_KINDS];
  const rows = await tx<WantedRow[]>`
    select from_no, to_no, round, kind, lane, ordinal, attempt, excluded, excluded_until, created_at from wanted w
    where job_id = ${job} and taken_at is null and lane = any(${[...asker.lanes]}::text[])
      and (${asker.isRunning} or kind = any(${repeating}::text[]))
      and (excluded_until <= ${now} or not ${voterId}::uuid = any(excluded))
      and (${onlyBefore}::timestamptz is null or kind = 'opinion' or lane = 'trusted' or created_at <= ${onlyBefore})
      and case when kind = any(${repeating}::text[])
        then exists (select 1 from shards s where s.job_id = ${job} and s.no = w.from_no and s.round = w.round and s.verdict <> 'open')
        else (select count(*) from shards s where s.job_id = ${job} and s.no >= w.from_no and s.no < w.to_no and (s.verdict <> 'open' or s.round > w.round))
          < w.to_no - w.from_no end
      and not exists (select 1 from results r where r.job_id = ${job} and r.shard_no >= w.from_no and r.shard_no < w.to_no and r.round = w.round
        and (r.voter_id = ${voterId} or r.cluster_id = ${clusterId} or r.device_id = ${device}))
      and not exists (select 1 from grants g where g.job_id = ${job} and g.voter_id = ${voterId} and g.state = 'open' and g.from_no < w.to_no and g.to_no > w.from_no)
      and not exists (select 1 from grants g where g.job_id = ${job} and g.device_id = ${device} and g.state = 'open' and g.from_no < w.to_no and g.to_no > w.from_no)
      and not exists (select 1 from grants g where g.job_id = ${job} and g.cluster_id = ${clusterId} and g.state = 'open' and g.from_no < w.to_no and g.to_no > w.from_no)
    order by priority, created_at limit 32 for update of w skip locked`;
  return rows.map((r) => ({
    fromNo: r.from_no,
    toNo: r.to_no,
    round: r.round,
    kind: r.kind,
    lane: r.lane,
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
