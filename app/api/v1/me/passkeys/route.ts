import { addPasskey, listPasskeys } from "#lib/protocol/accounts/passkeys.ts";
import { addPasskey as addCommand, listPasskeys as listCommand } from "#lib/server/accounts/passkeys/change-passkeys.ts";
import { handle } from "#lib/server/http/handle.ts";

export const GET = handle(listPasskeys, listCommand);
export const POST = handle(addPasskey, addCommand);
