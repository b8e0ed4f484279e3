import { createKey, listKeys } from "#lib/protocol/accounts/accounts.ts";
import { createKey as createKeyCommand } from "#lib/server/accounts/keys/create-key.ts";
import { listKeys as listKeysCommand } from "#lib/server/accounts/keys/list-keys.ts";
import { handle } from "#lib/server/http/handle.ts";

export const GET = handle(listKeys, listKeysCommand);
export const POST = handle(createKey, createKeyCommand);
