import { exportEarnings } from "#lib/protocol/payouts/payouts.ts";
import { handleDownload } from "#lib/server/http/handle.ts";
import { exportEarnings as command } from "#lib/server/payouts/export-earnings.ts";

export const GET = handleDownload(exportEarnings, command);
