import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { NOTICE_LIMITS, type NoticeKind, type NoticeSettings, type NoticeTopic, type NoticeWays } from "#lib/domain/notice/notice.ts";
import { memberAccounts, memberName } from "../accounts/account-store.ts";
import type { Reader, Tx } from "../db/client.ts";
import type { JobReason } from "../jobs/job-state-store.ts";

export type Notice = {
  no: number;
  kind: NoticeKind;
  jobId: JobId;
  jobName: string;
  isOwn: boolean;
  reason: JobReason | null;
  params: Record<string, string | number>;
  at: Date;
  readAt: Date | null;
};

export type Recipient = { accountId: AccountId; isOwn: boolean; chosen: Partial<NoticeSettings> };

type ChosenRow = { topic: NoticeTopic } & NoticeWays;
const toChosen = (rows: readonly ChosenRow[]): Partial<NoticeSettings> => Object.fromEntries(rows.map(({ topic, feed, push }) => [topic, { feed, push }]));

/** Who is concerned by a job: its owner and everybody it was shared with, with what they chose; in the order in which their rows are written. */
export async function listRecipients(reader: Reader, jobId: JobId): Promise<Recipient[]> {
  const rows = await reader<{ account_id: string; is_own: boolean; chosen: ChosenRow[] }[]>`
    select p.account_id, p.is_own,
      (select coalesce(json_agg(json_build_object('topic', s.topic, 'feed', s.feed, 'push', s.push)), '[]') from notice_settings s where s.account_id = p.account_id) as chosen
    from (
      select account_id, true as is_own from jobs where id = ${uuidOf(jobId)}
      union all
      select m.account_id, false from (${memberAccounts(reader, jobId)}) m
    ) p order by p.account_id`;
  return rows.map((row) => ({ accountId: idOf("acc", row.account_id), isOwn: row.is_own, chosen: toChosen(row.chosen) }));
}

export type NewNotice = { kind: NoticeKind; jobId: JobId; event: string; reason: JobReason | null; params: Record<string, string | number>; at: Date };

/** Tells accounts; one that was told of the event stays as it is. Returns who is told now. */
export async function insertNotices(tx: Tx, recipients: readonly Recipient[], notice: NewNotice): Promise<AccountId[]> {
  const rows = await tx<{ account_id: string }[]>`
    insert into notices (account_id, event, kind, job_id, is_own, reason, params, at)
    select r.account_id, ${notice.event}, ${notice.kind}, ${uuidOf(notice.jobId)}::uuid, r.is_own, ${notice.reason ? tx.json(notice.reason) : null}::jsonb, ${tx.json(notice.params)}::jsonb, ${notice.at}
    from unnest(${recipients.map(({ accountId }) => uuidOf(accountId))}::uuid[], ${recipients.map(({ isOwn }) => isOwn)}::boolean[]) as r(account_id, is_own)
    on conflict (account_id, event) do nothing returning account_id`;
  return rows.map((row) => idOf("acc", row.account_id));
}

/** Counts further shards into what accounts were told of an event before, which is news again. */
export async function addToNotices(tx: Tx, jobId: JobId, more: { event: string; shards: number; at: Date; except: readonly AccountId[] }): Promise<void> {
  await tx`
    update notices set params = jsonb_set(params, '{shards}', to_jsonb((params->>'shards')::int + ${more.shards}::int)), at = ${more.at}, read_at = null,
      no = nextval('notices_no_seq')
    where job_id = ${uuidOf(jobId)} and event = ${more.event} and account_id <> all(${more.except.map(uuidOf)}::uuid[])`;
}

/** An account's notices, the newest first, below `before` where it is given. */
export async function listNoticeRows(reader: Reader, accountId: AccountId, page: { before: number | null; limit: number; since: Date }): Promise<Notice[]> {
  const rows = await reader<(Omit<Notice, "jobId" | "no"> & { job_id: string; no: bigint })[]>`
    select n.no, n.kind, n.job_id, j.name as "jobName", n.is_own as "isOwn", n.reason, n.params, n.at, n.read_at as "readAt"
    from notices n join jobs j on j.id = n.job_id
    where n.account_id = ${uuidOf(accountId)} and n.at > ${page.since} ${page.before === null ? reader`` : reader`and n.no < ${page.before}`}
    order by n.no desc limit ${page.limit}`;
  return rows.map(({ job_id, no, ...row }) => ({ ...row, no: Number(no), jobId: idOf("job", job_id) }));
}

/** How many notices an account has not read, and the newest of all; 0 where there is none. */
export async function countUnreadNotices(reader: Reader, accountId: AccountId, since: Date): Promise<{ unread: number; newest: number }> {
  const [row] = await reader<{ unread: number; newest: bigint }[]>`
    select (select count(*)::int from notices where account_id = ${uuidOf(accountId)} and read_at is null and at > ${since}) as unread,
      coalesce((select max(no) from notices where account_id = ${uuidOf(accountId)}), 0)::bigint as newest`;
  return { unread: row?.unread ?? 0, newest: Number(row?.newest ?? 0n) };
}

/** Marks notices of an account as read: the named ones, or all up to one. */
export async function markRead(tx: Tx, accountId: AccountId, read: { nos: readonly number[] | null; upTo: number | null; at: Date }): Promise<void> {
  const which = read.nos === null ? tx`no <= ${read.upTo ?? 0}` : tx`no = any(${[...read.nos]}::bigint[])`;
  await tx`update notices set read_at = ${read.at} where account_id = ${uuidOf(accountId)} and read_at is null and ${which}`;
}

/** What an account chose; topics without a choice are missing. */
export async function findSettings(reader: Reader, accountId: AccountId): Promise<Partial<NoticeSettings>> {
  return toChosen(await reader<ChosenRow[]>`select topic, feed, push from notice_settings where account_id = ${uuidOf(accountId)}`);
}

/** Notes a choice. */
export async function upsertSetting(tx: Tx, accountId: AccountId, { topic, feed, push }: ChosenRow): Promise<void> {
  await tx`
    insert into notice_settings (account_id, topic, feed, push) values (${uuidOf(accountId)}, ${topic}, ${feed}, ${push})
    on conflict (account_id, topic) do update set feed = excluded.feed, push = excluded.push`;
}

/** Deletes what is too old, and what is more than a feed keeps of one's own jobs or of others'; the oldest goes. Returns how many went. */
export async function deleteStaleNotices(reader: Reader, now: Date): Promise<number> {
  const old = await reader`delete from notices where at < ${new Date(now.getTime() - NOTICE_LIMITS.keptMs)}`;
  const surplus = await reader`
    delete from notices n using (
      select no, row_number() over (partition by account_id, is_own order by no desc) as place, is_own from notices
      where account_id in (select account_id from notices group by account_id having count(*) > ${NOTICE_LIMITS.sharedMax})
    ) o where o.no = n.no and o.place > case when o.is_own then ${NOTICE_LIMITS.ownMax}::int else ${NOTICE_LIMITS.sharedMax}::int end`;
  return old.count + surplus.count;
}

/** What somebody was told about a job that they may no longer see. */
export async function deleteNoticesOfMember(tx: Tx, jobId: JobId, member: string): Promise<void> {
  await tx`delete from notices n using accounts a where n.job_id = ${uuidOf(jobId)} and not n.is_own and a.id = n.account_id and ${memberName(tx)} = ${member}`;
}

/** Forgets what an account was told and chose, and what others were told about its jobs. */
export async function deleteNoticesOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx`delete from notices where account_id = ${uuidOf(accountId)}`;
  await tx`delete from notices where job_id in (select id from jobs where account_id = ${uuidOf(accountId)})`;
  await tx`delete from notice_settings where account_id = ${uuidOf(accountId)}`;
}
