import { createChallenge } from "#lib/protocol/accounts/accounts.ts";
import { createChallenge as command } from "#lib/server/accounts/create-challenge.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(createChallenge, command);
