import { getPush, subscribePush } from "#lib/protocol/push/push.ts";
import { handle } from "#lib/server/http/handle.ts";
import { getPush as get, subscribePush as subscribe } from "#lib/server/push/subscriptions.ts";

export const GET = handle(getPush, get);
export const POST = handle(subscribePush, subscribe);
