import { listTrustWindows } from "#lib/protocol/jobs/trust.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listTrustWindows as command } from "#lib/server/trust/list-trust-windows.ts";

export const GET = handle(listTrustWindows, command);
