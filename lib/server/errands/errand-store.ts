import "server-only";
import { ERRAND_KINDS, ERRAND_LIMITS, type ErrandEnd, type ErrandKind, type ErrandRun, REDUCER_LIMITS } from "#lib/domain/errand/errand.ts";
import { type AccountId, type DeviceId, type Id, type IdPrefix, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Verified } from "#lib/domain/verdict/decide-verified.ts";
import type { Reader, Tx } from "../db/client.ts";
import { newId } from "../ids.ts";

export type ErrandId = Id<"ern">;
/** Asks for the owner's verifier over outputs of a job; what was asked for before changes nothing. */
export async function insertVerifications(tx: Tx, jobId: JobId, outputs: readonly { no: number; round: number; digest: string }[], at: Date): Promise<void> {
  if (outputs.length === 0) return;
  const sorted = [...outputs].sort((a, b) => a.no - b.no || (a.digest < b.digest ? -1 : 1));
  await tx`
    insert into errands (id, kind, account_id, group_id, shard_no, round, digest, created_at)
    select o.id, 'verify', j.account_id, j.id, o.no, o.round, o.digest, ${at} from jobs j
    cross join unnest(${sorted.map(() => uuidOf(newId("ern")))}::uuid[], ${sorted.map(({ no }) => no)}::int[], ${sorted.map(({ round }) => round)}::smallint[],
      ${sorted.map(({ digest }) => digest)}::text[]) as o (id, no, round, digest)
    where j.id = ${uuidOf(jobId)} on conflict do nothing`;
}

const NOTHING_VERIFIED: Verified = { accepted: new Set(), rejected: new Set() };

/** What the job's verifier has said about outputs of these shards. */
export async function readVerified(reader: Reader, jobId: JobId, nos: readonly number[]): Promise<(no: number, round: number) => Verified> {
  const rows = await reader<{ no: number; round: number; digest: string; accepted: boolean }[]>`
    select shard_no as no, round, digest, accepted from errands
    where group_id = ${uuidOf(jobId)} and shard_no = any(${[...nos]}::int[]) and kind = 'verify' and accepted is not null`;
  const byShard = Map.groupBy(rows, ({ no, round }) => `${no} ${round}`);
  return (no, round) => {
    const of = byShard.get(`${no} ${round}`);
    if (!of) return NOTHING_VERIFIED;
    const digestsOf = (isAccepted: boolean) => new Set(of.filter(({ accepted }) => accepted === isAccepted).map(({ digest }) => digest));
    return { accepted: digestsOf(true), rejected: digestsOf(false) };
  };
}

export type TakenErrand = {
  id: ErrandId;
  kind: ErrandKind;
  groupId: string;
  shardNo: number;
  toNo: number | null;
  round: number;
  digest: string | null;
  run: ErrandRun | null;
  attempts: number;
};

/**
 * Hands up to `limit` errands to a trusted device, those first for which somebody waits; to one that checks the jobs of `checksFor` it hands those checks alone, which nobody else gets. Rows
 * that another device looks at are passed over. One that was not reported by its deadline, as long as the `together` that it runs may take, goes to somebody else.
 */
export async function takeErrands(
  tx: Tx,
  take: { deviceId: DeviceId; checksFor: AccountId | null; limit: number; together: number; now: Date },
): Promise<TakenErrand[]> {
  const { deviceId, checksFor, limit, together, now } = take;
  const owner = checksFor === null ? null : uuidOf(checksFor);
  const rows = await tx<(Omit<TakenErrand, "id"> & { id: string })[]>`
    with due as (
      select id from errands where (state = 'open' or (state = 'taken' and deadline_at < ${now}))
        and (kind = 'check') = (${owner}::uuid is not null) and (${owner}::uuid is null or account_id = ${owner}::uuid)
      order by array_position(${[...ERRAND_KINDS]}::text[], kind), created_at limit ${limit} for update skip locked)
    update errands e set state = 'taken', device_id = ${uuidOf(deviceId)}, attempts = e.attempts + 1,
      deadline_at = ${now}::timestamptz + ${ERRAND_LIMITS.graceMs}::int * interval '1 ms' + ${together}::int * interval '1 ms'
        * coalesce(e.run #>> '{limits,timeMsMax}', case when e.kind = 'reduce' then ${String(REDUCER_LIMITS.timeMsMax)} end, (select spec #>> '{limits,timeMsMax}' from jobs j where j.id = e.group_id))::int
    from due where e.id = due.id
    returning e.id, e.kind, e.group_id as "groupId", e.shard_no as "shardNo", e.to_no as "toNo", e.round, e.digest, e.run, e.attempts`;
  return rows.map(({ id, ...row }) => ({ ...row, id: idOf("ern", id) }));
}

/** The errand, locked, if this device runs it; null for everybody else, and once it has ended. */
export async function lockTaken(tx: Tx, id: ErrandId, deviceId: DeviceId): Promise<TakenErrand | null> {
  const [row] = await tx<(Omit<TakenErrand, "id"> & { id: string })[]>`
    select id, kind, group_id as "groupId", shard_no as "shardNo", to_no as "toNo", round, digest, run, attempts from errands
    where id = ${uuidOf(id)} and device_id = ${uuidOf(deviceId)} and state = 'taken' for update`;
  return row ? { ...row, id: idOf("ern", row.id) } : null;
}

/** Gives an errand to somebody else. */
export async function reopenErrand(tx: Tx, id: ErrandId): Promise<void> {
  await tx`update errands set state = 'open', device_id = null, deadline_at = null where id = ${uuidOf(id)}`;
}

export type ErrandResult = { end: ErrandEnd; accepted: boolean | null; output: Uint8Array | null; outputSha256: string | null };

/** Notes how an errand ended. */
export async function endErrand(tx: Tx, id: ErrandId, { end, accepted, output, outputSha256 }: ErrandResult, at: Date): Promise<void> {
  await tx`
    update errands set state = 'done', ended = ${end as never}, accepted = ${accepted}, output = ${output}, output_sha256 = ${outputSha256}, ended_at = ${at}
    where id = ${uuidOf(id)}`;
}

/** Nobody needs the errands of this job or trial any more. */
export async function dropErrands(tx: Tx, groupId: Id<IdPrefix>): Promise<void> {
  await tx`update errands set state = 'dropped' where group_id = ${uuidOf(groupId)} and state in ('open', 'taken')`;
}

/** How a job's verifier has judged so far: outputs by what it said, and how many wait for it. */
export async function countVerifications(reader: Reader, jobId: JobId): Promise<{ accepted: number; rejected: number; waiting: number }> {
  const [row] = await reader<{ accepted: number; rejected: number; waiting: number }[]>`
    select count(*) filter (where accepted)::int as accepted, count(*) filter (where not accepted)::int as rejected,
      count(*) filter (where state in ('open', 'taken'))::int as waiting
    from errands where group_id = ${uuidOf(jobId)} and kind = 'verify'`;
  return row ?? { accepted: 0, rejected: 0, waiting: 0 };
}

/** Of these shards the one with rejected outputs from most clusters, and from how many; null where nothing was rejected. */
export async function findMostRejected(reader: Reader, jobId: JobId, nos: readonly number[]): Promise<{ no: number; clusters: number } | null> {
  const [row] = await reader<{ no: number; clusters: number }[]>`
    select e.shard_no as no, count(distinct coalesce(r.cluster_id, r.voter_id))::int as clusters from errands e
    join results r on r.job_id = e.group_id and r.shard_no = e.shard_no and r.round = e.round and encode(r.digest, 'hex') = e.digest
    where e.group_id = ${uuidOf(jobId)} and e.shard_no = any(${[...nos]}::int[]) and e.kind = 'verify' and not e.accepted
    group by e.shard_no order by clusters desc, no limit 1`;
  return row ?? null;
}

/** A reported output of a shard that lies in its row, in base64; null where it is an artifact. */
export async function findInlineOutput(reader: Reader, part: { jobId: JobId; no: number; round: number; digest: string }): Promise<string | null> {
  const [row] = await reader<{ output: string }[]>`
    select encode(output, 'base64') as output from results where job_id = ${uuidOf(part.jobId)} and shard_no = ${part.no} and round = ${part.round}
      and digest = decode(${part.digest}, 'hex') and output is not null limit 1`;
  return row?.output.replaceAll("\n", "") ?? null;
}
