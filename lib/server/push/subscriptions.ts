import "server-only";
import { createHash, createPublicKey } from "node:crypto";
import { mayPushTo } from "#lib/domain/push/push-endpoint.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getPush as getEndpoint, subscribePush as subscribeEndpoint, unsubscribePush as unsubscribeEndpoint } from "#lib/protocol/push/push.ts";
import { lockAccount } from "../accounts/data/account-data-store.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { requireSession } from "../principal.ts";
import { getPushKeys } from "./push-keys.ts";
import { deleteSubscription, listSubscriptions, type SubscribedBrowser, upsertSubscription } from "./push-store.ts";

const BROWSERS_MAX = 10;
const POINT_BYTES = 65;
const UNCOMPRESSED = 4;
const AUTH_BYTES = 16;

/** With which key browsers subscribe at this instance, null where it pushes nothing; and the account's browsers that have. */
export async function getPush(ctx: Context, _input: InputOf<typeof getEndpoint>): Promise<OutputOf<typeof getEndpoint>> {
  const { accountId } = requireSession(ctx.principal);
  const publicKey = ctx.config.push ? (await getPushKeys(ctx)).publicKey : null;
  return { publicKey, browsers: (await listSubscriptions(ctx.db, accountId)).map(viewBrowser) };
}

/**
 * Subscribes a browser for the account of the session; one that is subscribed stays so. Throws `bad_request` for an endpoint of a service that the operator did not
 * name and for keys that are none, `conflict` beyond ten browsers and where the instance pushes nothing.
 */
export async function subscribePush(ctx: Context, input: InputOf<typeof subscribeEndpoint>): Promise<OutputOf<typeof subscribeEndpoint>> {
  const { accountId } = requireSession(ctx.principal);
  const { push } = ctx.config;
  if (!push) throw new ApiError("conflict", { problem: "this instance sends nothing to browsers" });
  const { endpoint, keys, language } = input;
  if (!mayPushTo(endpoint, push.hosts)) throw new ApiError("bad_request", { field: "endpoint", problem: "is not at a push service that this instance uses" });
  checkKeys(keys);
  const sha256 = createHash("sha256").update(endpoint).digest("hex");
  await transaction(ctx.db, async (tx) => {
    // One after the other, so that two at once are not one too many.
    await lockAccount(tx, accountId);
    const browsers = await listSubscriptions(tx, accountId);
    if (browsers.length >= BROWSERS_MAX && browsers.every((browser) => browser.sha256 !== sha256))
      throw new ApiError("conflict", { problem: `an account can have ${BROWSERS_MAX} browsers that are told` });
    await upsertSubscription(tx, { sha256, accountId, endpoint, ...keys, language, at: ctx.clock.now() });
  });
  return { sha256 };
}

/** Ends a browser's subscription; one that there is not changes nothing. */
export async function unsubscribePush(ctx: Context, { sha256 }: InputOf<typeof unsubscribeEndpoint>): Promise<OutputOf<typeof unsubscribeEndpoint>> {
  const { accountId } = requireSession(ctx.principal);
  await transaction(ctx.db, (tx) => deleteSubscription(tx, accountId, sha256));
  return { unsubscribed: true };
}

/** Nothing could be encrypted with a point that is not on the curve, or with a secret of another length. */
function checkKeys({ p256dh, auth }: { p256dh: string; auth: string }): void {
  const point = Buffer.from(p256dh, "base64url");
  const problem = "is not a key of a browser (RFC 8291)";
  if (point.length !== POINT_BYTES || point[0] !== UNCOMPRESSED) throw new ApiError("bad_request", { field: "keys.p256dh", problem });
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url")) as [string, string];
  try {
    createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  } catch {
    throw new ApiError("bad_request", { field: "keys.p256dh", problem });
  }
  if (Buffer.from(auth, "base64url").length !== AUTH_BYTES) throw new ApiError("bad_request", { field: "keys.auth", problem: "must be 16 bytes" });
}

/** A subscribed browser as its account sees it: the endpoint is a secret, its service is not. */
export function viewBrowser({ sha256, endpoint, createdAt, lastSentAt }: SubscribedBrowser): OutputOf<typeof getEndpoint>["browsers"][number] {
  return { sha256, service: new URL(endpoint).host, createdAt: createdAt.toISOString(), lastSentAt: lastSentAt?.toISOString() ?? null };
}
