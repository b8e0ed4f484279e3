import { postIncident } from "#lib/protocol/instance/operations.ts";
import { handle } from "#lib/server/http/handle.ts";
import { postIncident as command } from "#lib/server/operations/incidents.ts";

export const POST = handle(postIncident, command);
