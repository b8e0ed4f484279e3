import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import { transaction } from "../db/transaction.ts";
import { listEarnings } from "../payouts/list-earnings.ts";
import { foldAccount, foldDevice, sumAccount, sumDevice } from "./posting-sum-store.ts";
import { exportStatement } from "./statement/export-statement.ts";
import { listStatement } from "./statement/list-statement.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => await services.close());

async function post(accountId: AccountId, count: number, prefix: string): Promise<void> {
  await services.db`
    insert into account_postings (account_id, ref, side, amount_micro)
    select ${uuidOf(accountId)}, ${prefix}::text || n, side, sign * n from generate_series(1, ${count}::int) as n cross join (values ('available', 1), ('issued', -1)) as sides (side, sign)`;
}
const available = async (accountId: AccountId) => (await sumAccount(services.db, accountId, 0)).sides.available;

/** A fold leaves what came after the oldest transaction of the whole server, which may be another test's; that one ends. */
async function untilFolded(fold: () => Promise<unknown>, sum: () => Promise<{ unfolded: number }>): Promise<void> {
  await vi.waitFor(
    async () => {
      await fold();
      expect((await sum()).unfolded).toBe(0);
    },
    { timeout: 60_000, interval: 100 },
  );
}

test("a folded account keeps its balance and reads only what came after; folding again, and several at once, changes nothing", async () => {
  const { accountId } = await makeAccount(services, 0n);
  await post(accountId, 3000, "a");
  const sum = (3000n * 3001n) / 2n;
  expect(await sumAccount(services.db, accountId, 0)).toEqual({ sides: { available: sum, issued: -sum }, unfolded: 6000 });
  await Promise.all([foldAccount(services.db, accountId, 0), foldAccount(services.db, accountId, 0), foldAccount(services.db, accountId, 0)]);
  await untilFolded(
    () => foldAccount(services.db, accountId, 0),
    () => sumAccount(services.db, accountId, 0),
  );
  expect(await sumAccount(services.db, accountId, 0)).toEqual({ sides: { available: sum, issued: -sum }, unfolded: 0 });
  await post(accountId, 3, "b");
  expect(await sumAccount(services.db, accountId, 0)).toEqual({ sides: { available: sum + 6n, issued: -sum - 6n }, unfolded: 6 });
  await foldAccount(services.db, accountId, 0);
  expect(await available(accountId)).toBe(sum + 6n);
});

test("a posting whose transaction was still open while the account was folded is counted once it commits", async () => {
  const { accountId } = await makeAccount(services, 0n);
  await post(accountId, 10, "before");
  const [begun, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const open = transaction(services.db, async (tx) => {
    await tx`insert into account_postings (account_id, ref, side, amount_micro) values (${uuidOf(accountId)}, 'late', 'available', 1000), (${uuidOf(accountId)}, 'late', 'issued', -1000)`;
    begun.resolve();
    await mayCommit.promise;
  });
  await begun.promise;
  await post(accountId, 10, "after");
  await foldAccount(services.db, accountId, 0);
  expect(await available(accountId)).toBe(110n);
  mayCommit.resolve();
  await open;
  expect(await available(accountId)).toBe(1110n);
  await foldAccount(services.db, accountId, 0);
  expect(await available(accountId)).toBe(1110n);
});

test("sums of another database cluster are not believed", async () => {
  const { accountId } = await makeAccount(services, 0n);
  await post(accountId, 4, "a");
  await foldAccount(services.db, accountId, 0);
  await services.db`update posting_sums set cluster = 'elsewhere', amount_micro = 999 where holder_id = ${uuidOf(accountId)}`;
  expect(await available(accountId)).toBe(10n);
  await foldAccount(services.db, accountId, 0);
  expect(await available(accountId)).toBe(10n);
});

test("a device's pay is summed by where it stands; its account sees each payment, page by page, and nobody else does", async () => {
  const owner = await makeAccount(services);
  const earner = await makeAccount(services, 0n);
  const { jobId } = await makeJob(services, owner.accountId, { shardCount: 100 });
  const { deviceId } = await makeDevice(services);
  await services.db`update devices set account_id = ${uuidOf(earner.accountId)} where id = ${uuidOf(deviceId)}`;
  for (const count of [1, 2, 3])
    await transaction(services.db, (tx) =>
      settleReplicas(tx, { jobId, priceMicro: 1000n, feeBps: 500 }, [{ deviceId, agreed: "yes", isVested: count > 1, count, durationMs: 5 }]),
    );
  const sums = { pendingMicro: 1000n, vestedMicro: 5000n, paidMicro: 6000n };
  expect(await sumDevice(services.db, deviceId)).toMatchObject(sums);
  await untilFolded(
    () => foldDevice(services.db, deviceId),
    () => sumDevice(services.db, deviceId),
  );
  expect(await sumDevice(services.db, deviceId)).toEqual({ ...sums, unfolded: 0 });
  const amounts: string[] = [];
  let after: string | undefined;
  for (let page = 0; page < 4; page += 1) {
    const { rows, next } = await listEarnings(earner.ctx, { limit: 1, ...(after ? { after } : {}) });
    amounts.push(...rows.map(({ kind, amountMicro }) => `${kind} ${amountMicro}`));
    if (next === null) break;
    after = next;
  }
  expect(amounts).toEqual(["earned 3000", "earned 2000", "earned 1000"]);
  expect((await listEarnings(earner.ctx, { limit: 50, kind: "claimed" })).rows).toEqual([]);
  expect((await listEarnings(owner.ctx, { limit: 50 })).rows).toEqual([]);
  await expect(listEarnings(earner.ctx, { limit: 1, after: "1 or 1=1" })).rejects.toMatchObject({ code: "bad_request" });
});

test("an owner's statement has what was given and what jobs reserved, and its CSV the same", async () => {
  const { accountId, ctx } = await makeAccount(services, 1_000_000n);
  const { jobId } = await makeJob(services, accountId, { budgetMicro: 400_000n });
  await services.db`update jobs set name = '=1+1' where id = ${uuidOf(jobId)}`;
  const { rows } = await listStatement(ctx, { limit: 50 });
  expect(rows.map(({ kind, amountMicro, jobId: job }) => [kind, amountMicro, job])).toEqual([
    ["reserve", "-400000", jobId],
    ["grant", "1000000", null],
  ]);
  const { body } = await exportStatement(ctx, { kind: "reserve" });
  let csv = "";
  for await (const part of body) csv += Buffer.from(part).toString("utf8");
  expect(csv.split("\r\n")).toHaveLength(3);
  expect(csv).toContain(`reserve,-0.400000,${jobId},'=1+1,`);
});
