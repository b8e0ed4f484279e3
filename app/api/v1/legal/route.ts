import { getLegal } from "#lib/protocol/legal/legal.ts";
import { getLegal as command } from "#lib/server/consent/get-legal.ts";
import { handle } from "#lib/server/http/handle.ts";

export const GET = handle(getLegal, command);
