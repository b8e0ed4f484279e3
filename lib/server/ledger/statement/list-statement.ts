import "server-only";
import type { listStatement as listStatementEndpoint } from "#lib/protocol/budgets/budgets.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { chainOfPurse } from "../../chain/choose-chain.ts";
import type { Context } from "../../context.ts";
import { requireAccount } from "../../principal.ts";
import { nameOfPosition, readPosition } from "./read-position.ts";
import { listStatementRows } from "./statement-store.ts";

type Endpoint = typeof listStatementEndpoint;

/** A page of what moved the account's spendable money, newest first. */
export async function listStatement(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const { limit, after, ...filter } = input;
  const rows = await listStatementRows(ctx.db, accountId, { filter, before: readPosition(after), limit });
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
