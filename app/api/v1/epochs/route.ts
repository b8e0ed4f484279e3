import { listEpochs } from "#lib/protocol/payouts/payouts.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listEpochs as command } from "#lib/server/payouts/list-epochs.ts";

export const GET = handle(listEpochs, command);
