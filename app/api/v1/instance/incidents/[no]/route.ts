import { endIncident } from "#lib/protocol/instance/operations.ts";
import { handle } from "#lib/server/http/handle.ts";
import { endIncident as command } from "#lib/server/operations/incidents.ts";

export const DELETE = handle(endIncident, command);
