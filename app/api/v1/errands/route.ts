import { exchangeErrands } from "#lib/protocol/errands/errands.ts";
import { exchangeErrands as command } from "#lib/server/errands/exchange-errands.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(exchangeErrands, command);
