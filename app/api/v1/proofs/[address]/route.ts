import { getProof } from "#lib/protocol/payouts/payouts.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getProof as command } from "#lib/server/payouts/get-proof.ts";

export const GET = handle(getProof, command);
