import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import type { exportEarnings as exportEarningsEndpoint } from "#lib/protocol/payouts/payouts.ts";
import { chainOfPurse } from "../chain/choose-chain.ts";
import type { Context, Services } from "../context.ts";
import type { ByteAnswer } from "../http/handle.ts";
import { csvAmount, csvAnswer, csvLine } from "../ledger/statement/csv.ts";
import { requireAccount } from "../principal.ts";
import { type EarningFilter, listEarningRows, type Position } from "./earning-store.ts";

type Endpoint = typeof exportEarningsEndpoint;
const PAGE_ROWS = 1000;

/** The account's movements of earnings as CSV, newest first, read page by page while they are sent. */
export async function exportEarnings(ctx: Context, filter: InputOf<Endpoint>): Promise<ByteAnswer> {
  const { accountId } = requireAccount(ctx.principal);
  return csvAnswer("earnings.csv", linesOf(ctx, accountId, filter));
}

async function* linesOf({ db, config }: Services, accountId: AccountId, filter: EarningFilter): AsyncGenerator<string> {
  yield csvLine(["time", "kind", `amount ${config.asset}`, "device", "job", "epoch", "transaction", "chain"]);
  let before: Position | null = null;
  for (;;) {
    const rows = await listEarningRows(db, accountId, { filter, before, limit: PAGE_ROWS });
    for (const row of rows) {
      const source = [row.deviceId, row.jobId, row.epoch, row.txHash, chainOfPurse(config, row.purse)];
      yield csvLine([row.at.toISOString(), row.kind, csvAmount(row.amountMicro), ...source]);
    }
    before = rows.at(-1) ?? null;
    if (rows.length < PAGE_ROWS) return;
  }
}
