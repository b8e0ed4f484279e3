import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import type { exportStatement as exportStatementEndpoint } from "#lib/protocol/budgets/budgets.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { chainOfPurse } from "../../chain/choose-chain.ts";
import type { Context, Services } from "../../context.ts";
import type { ByteAnswer } from "../../http/handle.ts";
import { requireAccount } from "../../principal.ts";
import { csvAmount, csvAnswer, csvLine } from "./csv.ts";
import type { Position } from "./read-position.ts";
import { listStatementRows, type StatementFilter } from "./statement-store.ts";

type Endpoint = typeof exportStatementEndpoint;
const PAGE_ROWS = 1000;

/** The account's statement as CSV, newest first, read page by page while it is sent. */
export async function exportStatement(ctx: Context, filter: InputOf<Endpoint>): Promise<ByteAnswer> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  return csvAnswer("statement.csv", linesOf(ctx, accountId, filter));
}

async function* linesOf({ db, config }: Services, accountId: AccountId, filter: StatementFilter): AsyncGenerator<string> {
  yield csvLine(["time", "kind", `amount ${config.asset}`, "job", "job name", "transaction", "chain"]);
  let before: Position | null = null;
  for (;;) {
    const rows = await listStatementRows(db, accountId, { filter, before, limit: PAGE_ROWS });
    for (const row of rows)
      yield csvLine([row.at.toISOString(), row.kind, csvAmount(row.amountMicro), row.jobId, row.jobName, row.txHash, chainOfPurse(config, row.purse)]);
    before = rows.at(-1) ?? null;
    if (rows.length < PAGE_ROWS) return;
  }
}
