import { listReceipts } from "#lib/protocol/receipts/receipts.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listReceipts as command } from "#lib/server/receipts/list-receipts.ts";

export const POST = handle(listReceipts, command);
