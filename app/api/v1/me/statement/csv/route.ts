import { exportStatement } from "#lib/protocol/budgets/budgets.ts";
import { handleDownload } from "#lib/server/http/handle.ts";
import { exportStatement as command } from "#lib/server/ledger/statement/export-statement.ts";

export const GET = handleDownload(exportStatement, command);
