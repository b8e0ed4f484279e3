import { readNotices } from "#lib/protocol/notices/notices.ts";
import { handle } from "#lib/server/http/handle.ts";
import { readNotices as read } from "#lib/server/notices/feed.ts";

export const POST = handle(readNotices, read);
