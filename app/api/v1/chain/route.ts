import { getChain } from "#lib/protocol/chain/chain.ts";
import { getChain as command } from "#lib/server/chain/get-chain.ts";
import { handle } from "#lib/server/http/handle.ts";

export const GET = handle(getChain, command);
