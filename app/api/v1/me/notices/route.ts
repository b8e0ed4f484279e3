import { listNotices } from "#lib/protocol/notices/notices.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listNotices as list } from "#lib/server/notices/feed.ts";

export const GET = handle(listNotices, list);
