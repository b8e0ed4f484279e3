import { z } from "zod";
import { NOTICE_KINDS, NOTICE_TOPICS } from "#lib/domain/notice/notice.ts";
import { idField, momentField } from "../fields.ts";
import { reasonView } from "../jobs/reason-view.ts";

const ways = z.object({ feed: z.boolean(), push: z.boolean() });

/** By which ways an account is told of each topic. */
export const noticeSettings = z.record(z.enum(NOTICE_TOPICS), ways);

/** Something that an account was told about a job. */
export const noticeView = z.object({
  no: z.number(),
  kind: z.enum(NOTICE_KINDS),
  job: z.object({ id: idField("job"), name: z.string() }),
  /** Whether the job is the account's own, and not one that it was let in to. */
  isOwn: z.boolean(),
  reason: reasonView.nullable(),
  /** `shards` of what was corrected; `leftMicro` and `budgetMicro` of a budget that is low, absent once it covers nothing more; `endAt` of results that go. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  at: momentField,
  readAt: momentField.nullable(),
});
export type NoticeView = z.output<typeof noticeView>;
