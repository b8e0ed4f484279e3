import { requestFaucet } from "#lib/protocol/chain/chain.ts";
import { requestFaucet as command } from "#lib/server/chain/request-faucet.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(requestFaucet, command);
