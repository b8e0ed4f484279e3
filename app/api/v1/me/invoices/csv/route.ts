import { exportInvoices } from "#lib/protocol/budgets/budgets.ts";
import { handleDownload } from "#lib/server/http/handle.ts";
import { exportInvoices as command } from "#lib/server/ledger/statement/export-invoices.ts";

export const GET = handleDownload(exportInvoices, command);
