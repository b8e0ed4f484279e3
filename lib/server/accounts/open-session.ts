import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import type { AccountView } from "#lib/protocol/accounts/accounts.ts";
import type { Config } from "../config/config.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { postFaucet } from "../ledger/post-faucet.ts";
import type { Account } from "./account-store.ts";
import { getAccountView } from "./get-me.ts";
import { sessionCookie } from "./session-cookie.ts";

/** What somebody who has proven to be this account is answered: the account, and the cookie of a session that begins now. */
export async function openSession(services: Services, account: Account): Promise<{ output: AccountView; headers: Record<string, string> }> {
  const now = services.clock.now();
  // A session must not look older than the moment from which sessions hold, or a sign-in right after "everywhere" would be void.
  const issuedAt = new Date(Math.max(now.getTime(), account.sessionsValidFrom.getTime()));
  return {
    output: await getAccountView(services, account),
    headers: { "set-cookie": await sessionCookie(services.config, { accountId: account.id, issuedAt }) },
  };
}

/** Gives a new account what the instance gives to everybody, where it is a demo. */
export async function giveDemoMoney(tx: Tx, { demo, faucetMicro }: Config, accountId: AccountId): Promise<void> {
  if (demo && faucetMicro > 0n) await postFaucet(tx, accountId, faucetMicro);
}
