import { getInstance } from "#lib/protocol/instance/policy.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getInstance as get } from "#lib/server/policy/instance-stop.ts";

export const GET = handle(getInstance, get);
