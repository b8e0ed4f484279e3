import { countUnread } from "#lib/protocol/notices/notices.ts";
import { handle } from "#lib/server/http/handle.ts";
import { countUnread as count } from "#lib/server/notices/feed.ts";

export const GET = handle(countUnread, count);
