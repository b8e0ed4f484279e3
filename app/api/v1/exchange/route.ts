import { exchangeDoor } from "#lib/server/exchange/exchange-door.ts";

export const POST = exchangeDoor();
