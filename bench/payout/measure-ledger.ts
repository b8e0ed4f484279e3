import { join } from "node:path";
import { uuidOf } from "#lib/domain/ids.ts";
import { transaction } from "#lib/server/db/transaction.ts";
import { getBalances } from "#lib/server/ledger/get-balances.ts";
import { makeAccount, makeDevice } from "#lib/testing/builders.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import type { BenchDatabase } from "../exchange/bench-database.ts";
import { openWorld, type World } from "../exchange/world.ts";
import { medianOf } from "../report.ts";

const MIGRATIONS = join(import.meta.dirname, "..", "..", "drizzle");
const JOBS = 8;
const SETTLERS = 8;
/** What an exchange settles at once. */
const BATCH = 32;
const SETTLE_MS = 8_000;
const POSTINGS = 1_000_000;
const READINGS = 21;

export type LedgerFigures = { settledPerS: number; settledOneJobPerS: number; balanceFirstMs: number; balanceMs: number };

/** How fast the books take settlements, over several jobs of one owner and of one job alone, and how long a balance over a million postings takes: the first time, and afterwards. */
export async function measureLedger(database: BenchDatabase): Promise<LedgerFigures> {
  return await database.withEmpty(async ({ databaseUrl, folder }) => {
    const world = await openWorld({ databaseUrl, migrations: MIGRATIONS, blobFolder: folder, origin: "http://127.0.0.1", jobs: JOBS, devices: 0 });
    try {
      const settledPerS = await settleFor(world, world.jobIds);
      const settledOneJobPerS = await settleFor(world, world.jobIds.slice(0, 1));
      return { settledPerS, settledOneJobPerS, ...(await measureBalance(world)) };
    } finally {
      await world.close();
    }
  });
}

async function settleFor({ services }: World, jobIds: World["jobIds"]): Promise<number> {
  const until = performance.now() + SETTLE_MS;
  const settle = async (i: number) => {
    const { deviceId } = await makeDevice(services);
    const jobId = jobIds[i % jobIds.length];
    let settled = 0;
    while (jobId && performance.now() < until) {
      const paid = [{ deviceId, agreed: "yes" as const, isVested: true, count: BATCH, durationMs: 5 }];
      await transaction(services.db, (tx) => settleReplicas(tx, { jobId, priceMicro: 1000n, feeBps: 500 }, paid));
      settled += BATCH;
    }
    return settled;
  };
  const settled = await Promise.all(Array.from({ length: SETTLERS }, (_, i) => settle(i)));
  return settled.reduce((sum, count) => sum + count, 0) / (SETTLE_MS / 1000);
}

async function measureBalance({ services }: World): Promise<{ balanceFirstMs: number; balanceMs: number }> {
  const { accountId, ctx } = await makeAccount(services, 0n);
  await services.db`
    insert into account_postings (account_id, ref, side, amount_micro)
    select ${uuidOf(accountId)}, 'bench:' || n, side, sign from generate_series(1, ${POSTINGS / 2}::int) as n, (values ('available', 1), ('issued', -1)) as line (side, sign)`;
  await services.db`analyze account_postings`;
  const readMs = async () => {
    const startMs = performance.now();
    await getBalances(ctx, {});
    return performance.now() - startMs;
  };
  const balanceFirstMs = await readMs();
  const readings: number[] = [];
  for (let i = 0; i < READINGS; i += 1) readings.push(await readMs());
  return { balanceFirstMs, balanceMs: medianOf(readings) };
}
