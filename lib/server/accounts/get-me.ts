import "server-only";
import type { AccountView, getMe as getMeEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context, Services } from "../context.ts";
import { getAccountBalance } from "../ledger/ledger-store.ts";
import { requireAccount } from "../principal.ts";
import type { Account } from "./account-store.ts";

type Endpoint = typeof getMeEndpoint;

/** The account behind the request, with its balance. */
export async function getMe(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId, address, roles } = requireAccount(ctx.principal);
  return await getAccountView(ctx, { id: accountId, address, roles });
}

/** What commands answer with; the caller has authorised the account. */
export async function getAccountView({ db, config }: Services, account: Pick<Account, "id" | "address" | "roles">): Promise<AccountView> {
  const { availableMicro, escrowMicro } = await getAccountBalance(db, account.id);
  return {
    id: account.id,
    address: account.address,
    roles: account.roles.includes("operator") ? ["operator"] : [],
    balance: { availableMicro: String(availableMicro), escrowMicro: String(escrowMicro), asset: config.asset },
  };
}
