import { getTrial } from "#lib/protocol/trials/trials.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getTrial as command } from "#lib/server/trials/get-trial.ts";

export const GET = handle(getTrial, command);
