import { getOutput } from "#lib/protocol/jobs/outputs.ts";
import { handleDownload } from "#lib/server/http/handle.ts";
import { getOutput as command } from "#lib/server/shards/get-output.ts";

export const GET = handleDownload(getOutput, command);
