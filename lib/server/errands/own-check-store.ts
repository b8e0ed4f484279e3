import "server-only";
import { type AccountId, type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { OPEN_JOB_STATES } from "#lib/domain/job/job.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { Reader, Tx } from "../db/client.ts";
import { insertWanted } from "../exchange/granting/wanted-store.ts";
import { newId } from "../ids.ts";
import type { ErrandId } from "./errand-store.ts";

type Planned = { jobId: string; no: number; round: number; digest: string };

/**
 * Asks for runs of accepted shards of an account's open jobs that nobody of its own ran again in their round, up to `limit` of one job or more, each of them once. Of results that are
 * held it takes those that were folded and can still be taken back.
 * Looks from a random shard on, and from the first where there is nothing, so that no device that computes can tell what will be looked at. Returns how many.
 */
export async function planChecks(tx: Tx, accountId: AccountId, plan: { limit: number; at: Date }): Promise<number> {
  const { limit, at } = plan;
  const fromRandom = await listUnchecked(tx, accountId, { limit, isFromFirst: false });
  const found = fromRandom.length > 0 ? fromRandom : await listUnchecked(tx, accountId, { limit, isFromFirst: true });
  if (found.length === 0) return 0;
  const rows = found
    .toSorted((a, b) => (a.jobId === b.jobId ? a.no - b.no : a.jobId < b.jobId ? -1 : 1))
    .map(({ jobId, no, round, digest }) => ({
      id: uuidOf(newId("ern")),
      kind: "check",
      account_id: uuidOf(accountId),
      group_id: jobId,
      shard_no: no,
      round,
      digest,
      created_at: at,
    }));
  const inserted = await tx`insert into errands ${tx(rows)} on conflict do nothing returning 1`;
  return inserted.length;
}

async function listUnchecked(reader: Reader, accountId: AccountId, from: { limit: number; isFromFirst: boolean }): Promise<Planned[]> {
  const { limit, isFromFirst } = from;
  return await reader<Planned[]>`
    select j.id as "jobId", s.no, s.round, encode(s.digest, 'hex') as digest
    from jobs j
    cross join lateral (select case when ${isFromFirst} then 0 else floor(random() * (max(no) + 1))::int end as start from shards where job_id = j.id) as r
    cross join lateral (
      select no, round, digest from shards s
      where s.job_id = j.id and s.no >= r.start and s.verdict = 'accepted' and s.outcome = 'ok'
        and (s.window_no is null or exists (select 1 from holds h where h.job_id = s.job_id and h.no = s.no and h.round = s.round))
        and not exists (select 1 from errands e where e.group_id = j.id and e.shard_no = s.no and e.round = s.round and e.kind = 'check')
      order by s.no limit ${limit}) as s
    where j.account_id = ${uuidOf(accountId)} and j.state = any(${[...OPEN_JOB_STATES]}::text[]) and j.spec #>> '{program,runtime}' = 'wasi'
    order by random() limit ${limit}`;
}

/** How a shard stands whose output is doubted, and how many doubts of its job wait for a trusted device. */
export type Doubted = { isProvisional: boolean; isChecked: boolean; openDoubts: number };

/** Locks the hold of a result, if it is on hold in this round, and says how it stands. */
export async function lockDoubted(tx: Tx, of: { jobId: JobId; no: number; round: number; assurance: AssuranceClass }): Promise<Doubted> {
  const job = uuidOf(of.jobId);
  const [hold] = await tx<{ is_checked: boolean }[]>`
    select "check" <> 'none' or confirmed_by is not null or is_asked as is_checked from holds
    where job_id = ${job} and no = ${of.no} and round = ${of.round}
      and window_no > coalesce((select closed_window_no from trust_classes where assurance = ${of.assurance}), 0) for update`;
  const [row] = await tx<{ doubts: number }[]>`
    select count(*)::int as doubts from wanted where job_id = ${job} and kind = 'verify' and ordinal = ${DOUBT} and taken_at is null`;
  return { isProvisional: hold !== undefined, isChecked: hold?.is_checked ?? false, openDoubts: row?.doubts ?? 0 };
}

/** What names a want that an owner's doubt made. */
const DOUBT = "doubt";

/** Has a trusted device of the instance look at a doubted shard. Its window waits for nothing: a doubt may come too late, and delays nobody's pay. */
export async function askTrusted(tx: Tx, of: { errandId: ErrandId; jobId: JobId; no: number; round: number; at: Date }): Promise<void> {
  const { errandId, jobId, no, round, at } = of;
  await tx`update holds set is_asked = true where job_id = ${uuidOf(jobId)} and no = ${no} and round = ${round}`;
  await tx`update errands set is_asked = true where id = ${uuidOf(errandId)}`;
  await insertWanted(tx, jobId, [
    {
      fromNo: no,
      toNo: no + 1,
      round,
      kind: "verify",
      lane: "trusted",
      ordinal: DOUBT,
      attempt: 0,
      excluded: [],
      excludedUntil: at,
      createdAt: at,
    },
  ]);
}

/** Asks nobody any more about what a device doubted, and gives what it runs to another one of its owner. */
export async function withdrawDoubts(tx: Tx, deviceId: DeviceId, at: Date): Promise<void> {
  const device = uuidOf(deviceId);
  await tx`
    update wanted w set taken_at = ${at} from errands e
    where e.device_id = ${device} and e.kind = 'check' and e.is_asked and w.job_id = e.group_id and w.from_no = e.shard_no and w.round = e.round
      and w.kind = 'verify' and w.ordinal = ${DOUBT} and w.taken_at is null`;
  await tx`update errands set state = 'open', device_id = null, deadline_at = null where device_id = ${device} and kind = 'check' and state = 'taken'`;
}

export type OwnChecks = { same: number; other: number; unclear: number; asked: number; takenBack: number };

/** What devices of the owner made of a job's shards: null where they ran none. `asked` of those with another output were put to a trusted device, `takenBack` were wrong. */
export async function countOwnChecks(reader: Reader, jobId: JobId): Promise<OwnChecks | null> {
  const job = uuidOf(jobId);
  const [row] = await reader<OwnChecks[]>`
    select count(*) filter (where accepted)::int as same, count(*) filter (where not accepted)::int as other, count(*) filter (where accepted is null)::int as unclear,
      count(*) filter (where is_asked)::int as asked,
      (select count(distinct (no, round))::int from refutations where job_id = ${job} and is_asked and withdrawn_at is null) as "takenBack"
    from errands where group_id = ${job} and kind = 'check' and state = 'done'`;
  return row && row.same + row.other + row.unclear > 0 ? row : null;
}

/** The account whose jobs a device checks, unless its key was revoked; null for all others. */
export async function findOwnerChecked(reader: Reader, deviceId: DeviceId): Promise<AccountId | null> {
  const [row] = await reader<{ checks_for: string | null }[]>`select checks_for from devices where id = ${uuidOf(deviceId)} and revoked_at is null`;
  return row?.checks_for ? idOf("acc", row.checks_for) : null;
}
