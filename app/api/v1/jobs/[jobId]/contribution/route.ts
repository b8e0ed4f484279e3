import { contribute } from "#lib/protocol/jobs/funders.ts";
import { handle } from "#lib/server/http/handle.ts";
import { contribute as command } from "#lib/server/jobs/funders/contribute.ts";

export const PUT = handle(contribute, command);
