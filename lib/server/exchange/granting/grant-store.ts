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
 * Takes the sequence number of an exchange: true for the first with this number, false for a repeat of the last or an older one.
 * Two copies of one request meet on the device's row, and one of them gets true.
 */
export async function takeSeq(db: Reader, deviceId: DeviceId, seq: number): Promise<boolean> {
  const rows = await db`
    insert into device_exchanges (device_id, seq) select ${uuidOf(deviceId)}::uuid, ${seq}::bigint where set_config('synchronous_commit', 'off', true) = 'off'
    on conflict (device_id) do update set seq = excluded.seq where device_exchanges.seq < excluded.seq returning seq`;
  return rows.length > 0;
}

/** Open grants of a device over all jobs: how many shards of each are not reported, and the exchange that got it. */
export type OpenGrant = Grant & { seq: number; heldShards: number };

export async function listOpenGrants(db: Reader, deviceId: DeviceId): Promise<OpenGrant[]> {
  const rows = await db<(GrantRow & { seq: bigint; reported: number })[]>`
    select job_id, id, from_no, to_no, round, attempt, wanted_kind, lane, state, hard_cap_at, seq, reported from grants where device_id = ${uuidOf(deviceId)} and state = 'open'`;
  return rows.map((row) => ({ ...toGrant(row), seq: Number(row.seq), heldShards: row.to_no - row.from_no - row.reported }));
}

/** With the voter it was given to: its results are that voter's, whoever the device votes for when they come. */
export type HeldGrant = Grant & { voterId: string };

/** The named grants of a job that belong to this device, in whatever state; others are as if they did not exist. */
export async function listGrantsOf(tx: Reader, jobId: JobId, query: { deviceId: DeviceId; ids: readonly GrantId[] }): Promise<HeldGrant[]> {
  const rows = await tx<(GrantRow & { voter_id: string })[]>`
    select job_id, id, from_no, to_no, round, attempt, wanted_kind, lane, state, hard_cap_at, voter_id from grants
    where job_id = ${uuidOf(jobId)} and id = any(${uuids(query.ids)}::uuid[]) and device_id = ${uuidOf(query.deviceId)}`;
  return rows.map((row) => ({ ...toGrant(row), voterId: row.voter_id }));
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
  }));
  await tx`insert into grants ${tx(rows)}`;
}

/**
 * Marks that results of these grants wait for a tally, and counts what they reported; the sweeper looks at what stays marked. Of two exchanges that report
 * parts of one grant at once, one may count too little; then the grant ends by its lease, with nothing lost.
 */
export async function markReported(tx: Tx, jobId: JobId, marks: { at: Date; ids: readonly GrantId[] }): Promise<void> {
  const job = uuidOf(jobId);
  await tx`
    update grants g set untallied_since = coalesce(g.untallied_since, ${marks.at}), reported = greatest(g.reported, (
      select count(*) from results r where r.job_id = ${job} and r.shard_no >= g.from_no and r.shard_no < g.to_no and r.grant_id = g.id))
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
  const rows = await tx<(GrantRow & { voter_id: string })[]>`
    update grants set state = 'abandoned'
    where job_id = ${uuidOf(jobId)} and id = any(${uuids(query.ids)}::uuid[]) and device_id = ${uuidOf(query.deviceId)} and state = 'open'
    returning job_id, id, from_no, to_no, round, attempt, wanted_kind, lane, state, hard_cap_at, voter_id`;
  return rows.map((row) => ({ ...toGrant(row), voterId: row.voter_id }));
}

/** Jobs that have grants past their deadline, a bounded number of them. */
export async function listJobsWithExpired(db: Reader, now: Date): Promise<JobId[]> {
  const rows = await db<{ job_id: string }[]>`
    select distinct job_id from (select job_id from grants where state = 'open' and deadline_at < ${now} order by deadline_at limit 1000) as late`;
  return rows.map((row) => idOf("job", row.job_id));
}

/** Ends a job's open grants past their deadline as `expired`, at most 200 at a time; returns what they were. */
export async function expireGrants(tx: Tx, jobId: JobId, now: Date): Promise<HeldGrant[]> {
  const rows = await tx<(GrantRow & { voter_id: string })[]>`
    update grants set state = 'expired'
    where job_id = ${uuidOf(jobId)} and id in (
      select id from grants where job_id = ${uuidOf(jobId)} and state = 'open' and deadline_at < ${now} order by id limit 200 for update skip locked)
    returning job_id, id, from_no, to_no, round, attempt, wanted_kind, lane, state, hard_cap_at, voter_id`;
  return rows.map((row) => ({ ...toGrant(row), voterId: row.voter_id }));
}

/** Grants whose reported results were not tallied since `before`: their exchange died between its two transactions. */
export async function listUntallied(db: Reader, before: Date): Promise<{ jobId: JobId; id: GrantId }[]> {
  const rows = await db<{ job_id: string; id: string }[]>`
    select job_id, id from grants where untallied_since is not null and untallied_since < ${before} order by untallied_since limit 500`;
  return rows.map((row) => ({ jobId: idOf("job", row.job_id), id: idOf("grt", row.id) }));
}
