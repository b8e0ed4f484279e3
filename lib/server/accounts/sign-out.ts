import "server-only";
import type { signOut as signOutEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { requireSession } from "../principal.ts";
import { deleteSubscriptionsOf } from "../push/push-store.ts";
import { endSessions } from "./account-store.ts";
import { noSessionCookie } from "./session-cookie.ts";

type Endpoint = typeof signOutEndpoint;

/** Takes the session cookie away from this browser; with `everywhere` every session of the account is void, also where its cookie was copied, and nothing is pushed to its browsers any more. */
export async function signOut(ctx: Context, input: InputOf<Endpoint>): Promise<{ output: OutputOf<Endpoint>; headers: Record<string, string> }> {
  const { accountId } = requireSession(ctx.principal);
  const now = ctx.clock.now();
  if (input.everywhere)
    await transaction(ctx.db, async (tx) => {
      await endSessions(tx, accountId, now);
      await deleteSubscriptionsOf(tx, accountId);
    });
  return { output: { signedOut: true }, headers: { "set-cookie": noSessionCookie(ctx.config) } };
}
