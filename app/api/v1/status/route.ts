import { getStatus } from "#lib/protocol/instance/operations.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getStatus as command } from "#lib/server/operations/get-status.ts";

export const GET = handle(getStatus, command);
