import { listAssurances } from "#lib/protocol/jobs/trust.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listAssurances as command } from "#lib/server/trust/list-assurances.ts";

export const GET = handle(listAssurances, command);
