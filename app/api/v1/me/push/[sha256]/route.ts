import { unsubscribePush } from "#lib/protocol/push/push.ts";
import { handle } from "#lib/server/http/handle.ts";
import { unsubscribePush as unsubscribe } from "#lib/server/push/subscriptions.ts";

export const DELETE = handle(unsubscribePush, unsubscribe);
