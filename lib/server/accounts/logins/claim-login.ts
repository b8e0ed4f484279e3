import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { claimLogin as claimLoginEndpoint } from "#lib/protocol/logins/logins.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { insertNewKey } from "../keys/create-key.ts";
import { hashSecret } from "../keys/key-secret.ts";
import { lockLogin, takeLogin } from "./login-store.ts";

type Endpoint = typeof claimLoginEndpoint;

/**
 * The key of a login that its owner allowed, made at this moment and handed out once: the row goes with it, so that a replay finds nothing. Throws
 * `login_pending` before the decision, `login_denied` after a no, `login_unknown` for everything else.
 */
export async function claimLogin(ctx: Context, { secret }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const secretHash = hashSecret(secret);
  const now = ctx.clock.now();
  return await transaction(ctx.db, async (tx) => {
    const login = await lockLogin(tx, secretHash, now);
    if (!login) throw new ApiError("login_unknown");
    if (login.decision === null) throw new ApiError("login_pending");
    const claimed = await takeLogin(tx, secretHash);
    if (!claimed) throw new ApiError("login_denied");
    const { accountId, client, scopes, expiresInDays, spendDayMicro } = claimed;
    const made = await insertNewKey(tx, {
      accountId,
      now,
      input: { name: client, scopes, expiresInDays, ...(spendDayMicro === null ? {} : { spendDayMicro }) },
    });
    return { secret: made.secret, scopes, expiresAt: made.key.expiresAt ?? now.toISOString() };
  });
}
