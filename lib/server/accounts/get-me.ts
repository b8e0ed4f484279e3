import "server-only";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { AccountView, getMe as getMeEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { onEveryChain } from "../chain/choose-chain.ts";
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

/** What commands answer with, the account's money on all chains; the caller has authorised the account. */
export async function getAccountView(services: Services, account: Pick<Account, "id" | "address" | "roles">): Promise<AccountView> {
  const balances = await Promise.all(onEveryChain(services).map(({ db, config }) => getAccountBalance(db, account.id, config.purse)));
  const sum = (pick: (balance: (typeof balances)[number]) => Micro) => String(balances.reduce((total, balance) => total + pick(balance), 0n));
  return {
    id: account.id,
    address: account.address,
    roles: account.roles.includes("operator") ? ["operator"] : [],
    balance: { availableMicro: sum(({ availableMicro }) => availableMicro), escrowMicro: sum(({ escrowMicro }) => escrowMicro), asset: services.config.asset },
  };
}
