import { deleteMe, getMe } from "#lib/protocol/accounts/accounts.ts";
import { deleteMe as deleteCommand } from "#lib/server/accounts/data/delete-me.ts";
import { getMe as command } from "#lib/server/accounts/get-me.ts";
import { handle, handleWithHeaders } from "#lib/server/http/handle.ts";

export const GET = handle(getMe, command);
export const DELETE = handleWithHeaders(deleteMe, deleteCommand);
