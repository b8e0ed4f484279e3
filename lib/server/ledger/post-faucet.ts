import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Tx } from "../db/client.ts";
import { postAccountGroup } from "./ledger-store.ts";

/** Gives an account its demo money, once, on the instance's first chain: the same amount stands as issued on the other side. */
export async function postFaucet(tx: Tx, accountId: AccountId, amountMicro: Micro): Promise<boolean> {
  return await postAccountGroup(tx, { ref: `faucet:${accountId}`, purse: 0 }, [
    { accountId, side: "available", amountMicro },
    { accountId, side: "issued", amountMicro: -amountMicro },
  ]);
}
