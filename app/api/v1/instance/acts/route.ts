import { listActs } from "#lib/protocol/instance/operations.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listActs as command } from "#lib/server/operations/list-acts.ts";

export const GET = handle(listActs, command);
