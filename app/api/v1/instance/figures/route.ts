import { getInstanceFigures } from "#lib/protocol/instance/operations.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getInstanceFigures as command } from "#lib/server/operations/get-instance-figures.ts";

export const GET = handle(getInstanceFigures, command);
