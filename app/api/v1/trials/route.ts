import { createTrial } from "#lib/protocol/trials/trials.ts";
import { handle } from "#lib/server/http/handle.ts";
import { createTrial as command } from "#lib/server/trials/create-trial.ts";

export const POST = handle(createTrial, command);
