import { callNamedChain } from "#lib/protocol/chain/chain.ts";
import { callNamedChain as command } from "#lib/server/chain/call-chain.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(callNamedChain, command);
