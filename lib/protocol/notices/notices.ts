import { z } from "zod";
import { NOTICE_TOPICS } from "#lib/domain/notice/notice.ts";
import { endpoint } from "../endpoint.ts";
import { pageFields } from "../fields.ts";
import { noticeSettings, noticeView } from "./notice-view.ts";

const NAMED_MAX = 200;
const no = z.number().int().min(1);
const unread = z.object({ unread: z.number() /** Of all that was told; 0 before anything was. */, newest: z.number() });
const settings = z.object({ settings: noticeSettings });

export const listNotices = endpoint({
  name: "listNotices",
  method: "GET",
  path: "/api/v1/me/notices",
  auth: "session",
  input: z.strictObject({ limit: pageFields.limit, before: z.coerce.number().int().min(1).optional() }),
  output: z.object({ notices: z.array(noticeView), next: z.number().nullable() }),
  summary: "What you were told about your jobs and those you were let in to, newest first; `next` of one page is `before` of the following one.",
});

export const countUnread = endpoint({
  name: "countUnread",
  method: "GET",
  path: "/api/v1/me/notices/unread",
  auth: "session",
  input: z.strictObject({}),
  output: unread,
  summary: "How many notices you have not read, and the number of the newest.",
});

export const readNotices = endpoint({
  name: "readNotices",
  method: "POST",
  path: "/api/v1/me/notices/read",
  auth: "session",
  input: z
    .strictObject({ nos: z.array(no).max(NAMED_MAX).optional(), upTo: no.optional() })
    .refine(({ nos, upTo }) => (nos === undefined) !== (upTo === undefined), { error: "must have either nos or upTo" }),
  output: unread,
  summary: "Marks notices as read: those that are named, or all up to one.",
});

export const getNoticeSettings = endpoint({
  name: "getNoticeSettings",
  method: "GET",
  path: "/api/v1/me/notices/settings",
  auth: "session",
  input: z.strictObject({}),
  output: settings,
  summary: "What you are told, and what of it is pushed.",
});

export const setNoticeSetting = endpoint({
  name: "setNoticeSetting",
  method: "PUT",
  path: "/api/v1/me/notices/settings",
  auth: "session",
  input: z.strictObject({ topic: z.enum(NOTICE_TOPICS), feed: z.boolean(), push: z.boolean() }),
  output: settings,
  summary: "Chooses for one topic whether you are told of it, and whether it is pushed to your browsers.",
});
