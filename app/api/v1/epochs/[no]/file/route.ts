import { getEpochFile } from "#lib/protocol/payouts/payouts.ts";
import { handleDownload } from "#lib/server/http/handle.ts";
import { getEpochFile as command } from "#lib/server/payouts/get-epoch-file.ts";

export const GET = handleDownload(getEpochFile, command);
