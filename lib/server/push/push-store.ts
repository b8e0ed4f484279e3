import "server-only";
import { type AccountId, idOf, type JobId, type Sha256, uuidOf } from "#lib/domain/ids.ts";
import type { NoticeKind } from "#lib/domain/notice/notice.ts";
import type { Reader, Tx } from "../db/client.ts";
import type { JobReason } from "../jobs/job-state-store.ts";

/** What a browser gave to be pushed to. */
export type BrowserKeys = { endpoint: string; p256dh: string; auth: string };
export type Subscription = BrowserKeys & { sha256: Sha256; accountId: AccountId; language: string; at: Date };

/** Subscribes a browser for an account. One that another account had subscribed is that account's no longer, with what was still to be pushed to it. */
export async function upsertSubscription(tx: Tx, s: Subscription): Promise<void> {
  await tx`
    insert into push_subscriptions (sha256, account_id, endpoint, p256dh, auth, language, created_at)
    values (${s.sha256}, ${uuidOf(s.accountId)}, ${s.endpoint}, ${s.p256dh}, ${s.auth}, ${s.language}, ${s.at})
    on conflict (sha256) do update
      set account_id = excluded.account_id, p256dh = excluded.p256dh, auth = excluded.auth, language = excluded.language,
        created_at = case when push_subscriptions.account_id = excluded.account_id then push_subscriptions.created_at else excluded.created_at end,
        last_sent_at = case when push_subscriptions.account_id = excluded.account_id then push_subscriptions.last_sent_at end`;
  await tx`delete from push_deliveries where subscription = ${s.sha256} and account_id <> ${uuidOf(s.accountId)}`;
}

export type SubscribedBrowser = { sha256: Sha256; endpoint: string; createdAt: Date; lastSentAt: Date | null };

/** An account's browsers, the newest first. */
export async function listSubscriptions(reader: Reader, accountId: AccountId): Promise<SubscribedBrowser[]> {
  return await reader<SubscribedBrowser[]>`
    select sha256, endpoint, created_at as "createdAt", last_sent_at as "lastSentAt" from push_subscriptions
    where account_id = ${uuidOf(accountId)} order by created_at desc, sha256`;
}

/** Ends one subscription of an account, with what was still to be pushed to it. */
export async function deleteSubscription(tx: Tx, accountId: AccountId, sha256: Sha256): Promise<void> {
  await tx`delete from push_subscriptions where sha256 = ${sha256} and account_id = ${uuidOf(accountId)}`;
}

/** Ends all of an account's subscriptions. */
export async function deleteSubscriptionsOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx`delete from push_subscriptions where account_id = ${uuidOf(accountId)}`;
}

/** Notes that an event is to be pushed to every browser of these accounts; for the transaction that writes their notices. */
export async function insertDeliveries(tx: Tx, accounts: readonly AccountId[], delivery: { event: string; at: Date }): Promise<void> {
  await tx`
    insert into push_deliveries (subscription, account_id, event, next_at)
    select sha256, account_id, ${delivery.event}, ${delivery.at} from push_subscriptions where account_id = any(${accounts.map(uuidOf)}::uuid[])
    on conflict do nothing`;
}

export type DeliveryKey = { subscription: Sha256; event: string };
export type Delivery = DeliveryKey &
  BrowserKeys & {
    language: string;
    attempts: number;
    kind: NoticeKind;
    jobId: JobId;
    jobName: string;
    reason: JobReason | null;
    params: Record<string, string | number>;
  };

/** Forgets what need not be pushed any more: it was read meanwhile, or tried too often. */
export async function deleteSettledDeliveries(tx: Tx, { now, attemptsMax }: { now: Date; attemptsMax: number }): Promise<void> {
  await tx`
    delete from push_deliveries d using notices n
    where d.next_at <= ${now} and n.account_id = d.account_id and n.event = d.event and (n.read_at is not null or d.attempts >= ${attemptsMax}::int)`;
}

/** Messages that are due, locked until the transaction ends; those that somebody else holds are left to them. */
export async function lockDueDeliveries(tx: Tx, now: Date, limit: number): Promise<Delivery[]> {
  const rows = await tx<(Omit<Delivery, "jobId"> & { job_id: string })[]>`
    select d.subscription, d.event, d.attempts, s.endpoint, s.p256dh, s.auth, s.language, n.kind, n.job_id, j.name as "jobName", n.reason, n.params
    from push_deliveries d join push_subscriptions s on s.sha256 = d.subscription
      join notices n on n.account_id = d.account_id and n.event = d.event join jobs j on j.id = n.job_id
    where d.next_at <= ${now} order by d.next_at limit ${limit} for update of d skip locked`;
  return rows.map(({ job_id, ...row }) => ({ ...row, jobId: idOf("job", job_id) }));
}

/** Counts an attempt and says when the next is due. */
export async function noteAttempt(tx: Tx, { subscription, event }: DeliveryKey, next: { attempts: number; at: Date }): Promise<void> {
  await tx`update push_deliveries set attempts = ${next.attempts}, next_at = ${next.at} where subscription = ${subscription} and event = ${event}`;
}

/** A message that needs no further attempt; `sentAt` where its service took it. */
export async function settleDelivery(tx: Tx, { subscription, event }: DeliveryKey, sentAt: Date | null): Promise<void> {
  await tx`delete from push_deliveries where subscription = ${subscription} and event = ${event}`;
  if (sentAt) await tx`update push_subscriptions set last_sent_at = ${sentAt} where sha256 = ${subscription}`;
}

/** A browser that cannot be pushed to any more, with everything that was still to be. */
export async function dropSubscription(tx: Tx, sha256: Sha256): Promise<void> {
  await tx`delete from push_subscriptions where sha256 = ${sha256}`;
}
