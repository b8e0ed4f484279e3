import "server-only";
import type { AccountId, JobId } from "#lib/domain/ids.ts";
import { completeSettings, decideWays, type NoticeKind } from "#lib/domain/notice/notice.ts";
import type { Tx } from "../db/client.ts";
import type { JobReason } from "../jobs/job-state-store.ts";
import { insertDeliveries } from "../push/push-store.ts";
import { addToNotices, insertNotices, listRecipients } from "./notice-store.ts";

type JobNews = {
  jobId: JobId;
  kind: NoticeKind;
  /** Names what happened within its kind, the same however often it is told. */
  event: string;
  at: Date;
  reason?: JobReason;
  params?: Record<string, string | number>;
  /** Who did it, and so need not be told. */
  by?: AccountId;
};

/**
 * Tells the owner of a job, and whoever it was shared with, what became of it, as far as they want to know. For the transaction that makes it true; telling the
 * same event again changes nothing.
 */
export async function tellOfJob(tx: Tx, news: JobNews): Promise<void> {
  await insertFor(tx, news);
}

/** Tells that results of a job were taken back. What is taken back within a day (UTC) is one event, which becomes news again with each. */
export async function tellOfCorrection(tx: Tx, jobId: JobId, correction: { shards: number; at: Date }): Promise<void> {
  const { shards, at } = correction;
  const event = at.toISOString().slice(0, 10);
  const told = await insertFor(tx, { jobId, kind: "corrected", event, at, params: { shards } });
  await addToNotices(tx, jobId, { event: eventName({ jobId, kind: "corrected", event }), shards, at, except: told });
}

async function insertFor(tx: Tx, { jobId, kind, event, at, reason, params = {}, by }: JobNews): Promise<AccountId[]> {
  const recipients = (await listRecipients(tx, jobId)).map((recipient) => ({
    ...recipient,
    ways: decideWays(completeSettings(recipient.chosen), { kind, ...recipient }),
  }));
  const shown = recipients.filter(({ accountId, ways }) => accountId !== by && ways.feed);
  if (shown.length === 0) return [];
  const notice = { kind, jobId, event: eventName({ jobId, kind, event }), reason: reason ?? null, params, at };
  const told = new Set(await insertNotices(tx, shown, notice));
  const pushed = shown.filter(({ accountId, ways }) => ways.push && told.has(accountId)).map(({ accountId }) => accountId);
  if (pushed.length > 0) await insertDeliveries(tx, pushed, notice);
  return [...told];
}

function eventName({ jobId, kind, event }: Pick<JobNews, "jobId" | "kind" | "event">): string {
  return `${jobId}:${kind}:${event}`;
}
