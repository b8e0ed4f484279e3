import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { listEarnings as listEarningsEndpoint } from "#lib/protocol/payouts/payouts.ts";
import { chainOfPurse } from "../chain/choose-chain.ts";
import type { Context } from "../context.ts";
import { nameOfPosition, readPosition } from "../ledger/statement/read-position.ts";
import { requireAccount } from "../principal.ts";
import { listEarningRows } from "./earning-store.ts";

type Endpoint = typeof listEarningsEndpoint;

/** A page of what moved the account's earnings, newest first. */
export async function listEarnings(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal);
  const { limit, after, ...filter } = input;
  const rows = await listEarningRows(ctx.db, accountId, { filter, before: readPosition(after), limit });
  const last = rows.at(-1);
  return {
    rows: rows.map(({ us, tie, at, amountMicro, purse, ...row }) => ({
      id: nameOfPosition({ us, tie }),
      at: at.toISOString(),
      amountMicro: String(amountMicro),
      ...row,
      chainId: chainOfPurse(ctx.config, purse),
    })),
    next: last && rows.length === limit ? nameOfPosition(last) : null,
  };
}
