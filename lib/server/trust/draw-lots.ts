import "server-only";
import { createHmac } from "node:crypto";
import { drawMessage, drawOf, type KeyedHash, type ShardRound } from "#lib/domain/trust/draw.ts";
import type { Lots } from "#lib/domain/trust/fold-shard.ts";

/** The lottery of a window: HMAC-SHA256 under its secret, the first 52 bits. Anybody can draw again once the secret is published. */
function lotteryOf(secret: Uint8Array): KeyedHash {
  return (purpose, shard) => {
    const digest = createHmac("sha256", secret).update(drawMessage(purpose, shard)).digest();
    return Number(digest.readBigUInt64BE() >> 12n);
  };
}

/** The lots of a shard's round. */
export function drawLots(secret: Uint8Array, shard: ShardRound): Lots {
  const hash = lotteryOf(secret);
  return { check: drawOf(hash, "check", shard), checker: drawOf(hash, "checker", shard), adjudicate: drawOf(hash, "adjudicate", shard) };
}
