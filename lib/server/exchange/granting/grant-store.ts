import "server-only";
import type { Lane, WantedKind } from "#lib/domain/dispatch/lanes.ts";
import { type DeviceId, type GrantId, type Id, type IdPrefix, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../../db/client.ts";

export type GrantState = "open" | "closed" | "expired" | "abandoned" | "stopped";
export type Grant = {
  jobId: JobId;
  id: GrantId;
  fromNo: number;
  toNo: number;
  round: number;
  attempt: number;
  /** The want that it came from; null for a range of a pass. */
  wantedKind: WantedKind | null;
  lane: Lane;
  state: GrantState;
  hardCapAt: Date;
};

type GrantRow = {
  job_id: string;
  id: string;
  from_no: number;
  to_no: number;
  round: number;
  attempt: number;
  wanted_kind: WantedKind | null;
  lane: Lane;
  state: GrantState;
  hard_cap_at: Date;
};

function toGrant(row: GrantRow): Grant {
  return {
    jobId: idOf("job", row.job_id),
    id: idOf("grt", row.id),
    fromNo: row.from_no,
    toNo: row.to_no,
    round: row.round,
    attempt: row.attempt,
    wantedKind: row.wanted_kind,
    lane: row.lane,
    state: row.state,
    hardCapAt: row.hard_cap_at,
  };
}

const uuids = (ids: readonly Id<IdPrefix>[]): string[] => ids.map(uuidOf);

/**
 * How a device was seen before: how long its session lasts, how many of its grants in a row were lost in silence, and the number of an exchange that came
 * twice lately, null for none.
 */
export type Session = { sessionMs: number; lossesInRow: number; repeatedSeq: number | null };

/** A device that was not heard of for longer begins a new session. */
const SESSION_GAP_MS = 120_000;

/**
 * Takes the sequence number of an exchange: the device's session for the first with this number, null for a repeat of the last or an older one.
 * Two copies of one request meet on the device's row, and one of them gets it. A report ends a row of losses. Repeats before `repeatedAfter` are forgotten.
 */
export async function takeSeq(
  db: Reader,
  deviceId: DeviceId,
  call: { seq: number; at: Date; hasReports: boolean; repeatedAfter: Date },
): Promise<Session | null> {
  const { seq, at, hasReports, repeatedAfter } = call;
  const [row] = await db<{ since: Date | null; losses: number; repeated_seq: bigint | null }[]>`
    insert into device_exchanges as d (device_id, seq, at, since) select ${uuidOf(deviceId)}::uuid, ${seq}::bigint, ${at}, ${at} where set_config('synchronous_commit', 'off', true) = 'off'
    on conflict (device_id) do update set seq = excluded.seq, at = excluded.at, losses = case when ${hasReports} then 0 else d.losses end,
      since = case when d.at >= ${new Date(at.getTime() - SESSION_GAP_MS)} then d.since else excluded.since end
      where d.seq < excluded.seq returning since, losses, case when repeated_at > ${repeatedAfter} then repeated_seq end as repeated_seq`;
  if (!row) return null;
  const repeatedSeq = row.repeated_seq === null ? null : Number(row.repeated_seq);
  return { sessionMs: Math.max(0, at.getTime() - (row.since ?? at).getTime()), lossesInRow: row.losses, repeatedSeq };
}

/** Notes that the device's last exchange came again; copies of older ones change nothing. */
export async function noteRepeat(db: Reader, deviceId: DeviceId, repeat: { seq: number; at: Date }): Promise<void> {
  await db`update device_exchanges set repeated_seq = seq, repeated_at = ${repeat.at} where device_id = ${uuidOf(deviceId)} and seq = ${repeat.seq}`;
}

/** Counts grants that these devices let go in silence. */
export async function countLosses(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
  if (deviceIds.length === 0) return;
  const ids = uuids([...new Set(deviceIds)].sort());
  await tx`update device_exchanges set losses = least(losses + 1, 100) where device_id = any(${ids}::uuid[])`;
}

/** What a device got in one exchange and still holds, over all jobs: for a request that is repeated. */
export async function listGrantsOfSeq(db: Reader, deviceId: DeviceId, seq: number): Promise<Grant[]> {
  const rows = await db<GrantRow[]>`
    select job_id, id, from_no, to_no, round, attempt, wanted_kind, lane, state, hard_cap_at from grants
    where device_id = ${uuidOf(deviceId)} and state = 'open' and seq = ${seq}`;
  return rows.map(toGrant);
}

/** An open grant that somebody else might copy. */
export type OutstandingGrant = {
  id: GrantId;
  fromNo: number;
  toNo: number;
  round: number;
  reported: number;
  clusterId: string | null;
  grantedAt: Date;
  expectedMs: number | null;
  copies: number;
};

const OUTSTANDING_MAX = 32;

/**
 * The oldest open grants of a job of which the device, its voter and its cluster have no part, whose last shard has no verdict, with how often each was copied.
 */
export async function listOutstanding(
  tx: Reader,
  jobId: JobId,
  asker: { deviceId: DeviceId; voterId: string; clusterId: string },
): Promise<OutstandingGrant[]> {
  const [job, device] = [uuidOf(jobId), uuidOf(asker.deviceId)];
  const { voterId, clusterId } = asker;
  const rows = await tx<
    {
      id: string;
      from_no: number;
      to_no: number;
      round: number;
      reported: number;
      cluster_id: string | null;
      granted_at: Date;
      expected_ms: number | null;
      copies: number;
    }[]
  >`
    select id, from_no, to_no, round, reported, cluster_id, granted_at, expected_ms,
      (select count(*)::int from wanted w where w.job_id = ${job} and w.from_no >= g.from_no and w.from_no < g.to_no and w.kind = 'tail') as copies
    from grants g where g.job_id = ${job} and g.state = 'open' and g.lane = 'any' and g.reported < g.to_no - g.from_no
      and g.voter_id <> ${voterId} and g.device_id <> ${device} and g.cluster_id <> ${clusterId}
      and not exists (select 1 from shards s where s.job_id = ${job} and s.no = g.to_no - 1 and (s.verdict <> 'open' or s.round > g.round))
      and not exists (select 1 from results r where r.job_id = ${job} and r.shard_no >= g.from_no and r.shard_no < g.to_no and r.round = g.round
        and (r.voter_id = ${voterId} or r.cluster_id = ${clusterId} or r.device_id = ${device}))
      and not exists (select 1 from grants o where o.job_id = ${job} and o.state = 'open' and o.from_no < g.to_no and o.to_no > g.from_no
        and (o.voter_id = ${voterId} or o.cluster_id = ${clusterId} or o.device_id = ${device}))
    order by granted_at limit ${OUTSTANDING_MAX}`;
  return rows.map((r) => ({
    id: idOf("grt", r.id),
    fromNo: r.from_no,
    toNo: r.to_no,
    round: r.round,
    reported: r.reported,
    clusterId: r.cluster_id,
    grantedAt: r.granted_at,
    expectedMs: r.expected_ms,
    copies: r.copies,
  }));
}

/** With the voter it was given to: its results are that voter's, whoever the device votes for when they come. */
export type HeldGrant = Grant & { voterId: string; deviceId: DeviceId };

type HeldRow = GrantRow & { voter_id: string; device_id: string };

function toHeld(row: HeldRow): HeldGrant {
  return { ...toGrant(row), voterId: row.voter_id, deviceId: idOf("dev", row.device_id) };
}

/** The named grants of a job that belong to this device, in whatever state; others are as if they did not exist. */
export async function listGrantsOf(tx: Reader, jobId: JobId, query: { deviceId: DeviceId; ids: readonly GrantId[] }): Promise<HeldGrant[]> {
  const rows = await tx<HeldRow[]>`
    select job_id, id, from_no, to_no, round, attempt, wanted_kind, lane, state, hard_cap_at, voter_id, device_id from grants
    where job_id = ${uuidOf(jobId)} and id = any(${uuids(query.ids)}::uuid[]) and device_id = ${uuidOf(query.deviceId)}`;
  return rows.map(toHeld);
}

/** Grants of a job by their ids, whoever holds them. */
export async function listGrantsById(reader: Reader, jobId: JobId, ids: readonly GrantId[]): Promise<Grant[]> {
  const rows = await reader<GrantRow[]>`
    select job_id, id, from_no, to_no, round, attempt, wanted_kind, lane, state, hard_cap_at from grants where job_id = ${uuidOf(jobId)} and id = any(${uuids(ids)}::uuid[])`;
  return rows.map(toGrant);
}

/** Moves the deadlines of the device's open grants of a job; returns those that are still open. */
export async function renewGrants(db: Reader, jobId: JobId, renewal: { deviceId: DeviceId; ids: readonly GrantId[]; deadlineAt: Date }): Promise<GrantId[]> {
  const rows = await db<{ id: string }[]>`
    update grants set deadline_at = least(hard_cap_at, ${renewal.deadlineAt})
    where job_id = ${uuidOf(jobId)} and id = any(${uuids(renewal.ids)}::uuid[]) and device_id = ${uuidOf(renewal.deviceId)} and state = 'open' returning id`;
  return rows.map((row) => idOf("grt", row.id));
}

export type NewGrant = {
  jobId: JobId;
  id: GrantId;
  deviceId: DeviceId;
  voterId: string;
  seq: number;
  fromNo: number;
  toNo: number;
  round: number;
  attempt: number;
  wantedKind: WantedKind | null;
  lane: Lane;
  clusterId: string;
  grantedAt: Date;
  deadlineAt: Date;
  hardCapAt: Date;
  expectedMs: number | null;
};

/** Inserts grants of one job. */
export async function insertGrants(tx: Tx, grants: readonly NewGrant[]): Promise<void> {
  if (grants.length === 0) return;
  const rows = grants.map((g) => ({
    job_id: uuidOf(g.jobId),
    id: uuidOf(g.id),
    device_id: uuidOf(g.deviceId),
    voter_id: g.voterId,
    seq: g.seq,
    from_no: g.fromNo,
    to_no: g.toNo,
    round: g.round,
    attempt: g.attempt,
    wanted_kind: g.wantedKind,
    lane: g.lane,
    cluster_id: g.clusterId,
    state: "open",
    granted_at: g.grantedAt,
    deadline_at: g.deadlineAt,
    hard_cap_at: g.hardCapAt,
    expected_ms: g.expectedMs,
  }));
  await tx`insert into grants ${tx(rows)}`;
}

/**
 * Marks that results of these grants wait for a tally, and counts what they reported, except of those that are known to be `whole`; the sweeper looks at what stays
 * marked. Of two exchanges that report parts of one grant at once, one may count too little; then the grant ends by its lease, with nothing lost.
 */
export async function markReported(tx: Tx, jobId: JobId, marks: { at: Date; ids: readonly GrantId[]; whole: readonly GrantId[] }): Promise<void> {
  const job = uuidOf(jobId);
  await tx`
    update grants g set untallied_since = coalesce(g.untallied_since, ${marks.at}), reported = case when g.id = any(${uuids(marks.whole)}::uuid[]) then g.to_no - g.from_no
      else greatest(g.reported, (
        select count(*) from results r where r.job_id = ${job} and r.shard_no >= g.from_no and r.shard_no < g.to_no and r.grant_id = g.id)) end
    where g.job_id = ${job} and g.id = any(${uuids([...marks.ids].sort())}::uuid[])`;
}

/** Clears the mark after a tally, closes those grants that reported everything, and leaves them to be folded into what is known of the devices. */
export async function markTallied(tx: Tx, jobId: JobId, ids: readonly GrantId[], at: Date): Promise<void> {
  await tx`
    update grants set untallied_since = null, unfolded_since = coalesce(unfolded_since, ${at}), state = case when state = 'open' and reported >= to_no - from_no then 'closed' else state end
    where job_id = ${uuidOf(jobId)} and id = any(${uuids([...ids].sort())}::uuid[])`;
}

/** Ends open grants of a job as `abandoned` by their device; returns what they were. */
export async function abandonGrants(tx: Tx, jobId: JobId, query: { deviceId: DeviceId; ids: readonly GrantId[] }): Promise<HeldGrant[]> {
  const rows = await tx<HeldRow[]>`
    update grants set state = 'abandoned'
    where job_id = ${uuidOf(jobId)} and id = any(${uuids(query.ids)}::uuid[]) and device_id = ${uuidOf(query.deviceId)} and state = 'open'
    returning job_id, id, from_no, to_no, round, attempt, wanted_kind, lane, state, hard_cap_at, voter_id, device_id`;
  return rows.map(toHeld);
}

/** Jobs that have grants past their deadline, a bounded number of them. */
export async function listJobsWithExpired(db: Reader, now: Date): Promise<JobId[]> {
  const rows = await db<{ job_id: string }[]>`
    select distinct job_id from (select job_id from grants where state = 'open' and deadline_at < ${now} order by deadline_at limit 1000) as late`;
  return rows.map((row) => idOf("job", row.job_id));
}

/** Ends a job's open grants past their deadline as `expired`, at most 200 at a time; returns what they were. */
export async function expireGrants(tx: Tx, jobId: JobId, now: Date): Promise<HeldGrant[]> {
  const rows = await tx<HeldRow[]>`
    update grants set state = 'expired'
    where job_id = ${uuidOf(jobId)} and id in (
      select id from grants where job_id = ${uuidOf(jobId)} and state = 'open' and deadline_at < ${now} order by id limit 200 for update skip locked)
    returning job_id, id, from_no, to_no, round, attempt, wanted_kind, lane, state, hard_cap_at, voter_id, device_id`;
  return rows.map(toHeld);
}

/** Grants whose reported results were not tallied since `before`: their exchange died between its two transactions. */
export async function listUntallied(db: Reader, before: Date): Promise<{ jobId: JobId; id: GrantId }[]> {
  const rows = await db<{ job_id: string; id: string }[]>`
    select job_id, id from grants where untallied_since is not null and untallied_since < ${before} order by untallied_since limit 500`;
  return rows.map((row) => ({ jobId: idOf("job", row.job_id), id: idOf("grt", row.id) }));
}
