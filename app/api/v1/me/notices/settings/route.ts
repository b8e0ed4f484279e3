import { getNoticeSettings, setNoticeSetting } from "#lib/protocol/notices/notices.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getNoticeSettings as get, setNoticeSetting as set } from "#lib/server/notices/feed.ts";

export const GET = handle(getNoticeSettings, get);
export const PUT = handle(setNoticeSetting, set);
