import { addWallet } from "#lib/protocol/accounts/passkeys.ts";
import { addWallet as command } from "#lib/server/accounts/add-wallet.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(addWallet, command);
