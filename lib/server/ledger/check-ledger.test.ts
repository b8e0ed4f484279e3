import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { transaction } from "../db/transaction.ts";
import { endJob } from "../jobs/end-job.ts";
import { checkLedger } from "./check-ledger.ts";
import { fundJob } from "./fund-job.ts";
import { getAccountBalance, postAccountGroup, postJobGroup } from "./ledger-store.ts";
import { postFaucet } from "./post-faucet.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => {
  await services.close();
});

describe("posting groups", () => {
  test("a group that does not sum to zero is refused and leaves nothing", async () => {
    const { accountId } = await makeAccount(services);
    const lines = [
      { accountId, side: "available" as const, amountMicro: 5n },
      { accountId, side: "issued" as const, amountMicro: -4n },
    ];
    await expect(transaction(services.db, (tx) => postAccountGroup(tx, { ref: "odd", purse: 0 }, lines))).rejects.toThrow("sums to 1");
    expect(await services.db`select 1 from account_postings where ref = 'odd'`).toHaveLength(0);
  });

  test("a group posted again changes nothing; the same ref with other lines is refused", async () => {
    const { accountId } = await makeAccount(services, 100n);
    expect(await transaction(services.db, (tx) => postFaucet(tx, accountId, 100n))).toBe(false);
    expect((await getAccountBalance(services.db, accountId, 0)).availableMicro).toBe(100n);
    const { jobId } = await makeJob(services, accountId, { budgetMicro: 10n });
    const group = {
      jobId,
      ref: `fund:${jobId}`,
      lines: [
        { side: "clearing" as const, amountMicro: -1n },
        { side: "escrow" as const, amountMicro: 2n },
        { side: "fee" as const, amountMicro: -1n },
      ],
    };
    await expect(transaction(services.db, (tx) => postJobGroup(tx, group))).rejects.toThrow("with other lines");
  });

  test("a group has as many lines as there are devices in a window of a job: more than two bytes can number", async () => {
    const { accountId } = await makeAccount(services);
    const { jobId } = await makeJob(services, accountId);
    const { deviceId } = await makeDevice(services);
    const lines = Array.from({ length: 2 ** 15 + 2 }, (_, i) => ({ side: "earned" as const, deviceId, amountMicro: i % 2 === 0 ? 1n : -1n }));
    expect(await transaction(services.db, (tx) => postJobGroup(tx, { jobId, ref: "vest:many", lines }))).toBe(true);
    expect(await services.db`select max(line) as last from job_postings where ref = 'vest:many'`).toEqual([{ last: lines.length - 1 }]);
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("two jobs funded at once cannot spend the same money", async () => {
    const { accountId } = await makeAccount(services, 1000n);
    const jobs = await Promise.all(Array.from({ length: 6 }, () => makeJob(services, accountId, { budgetMicro: 0n })));
    const funded = await Promise.allSettled(
      jobs.map(({ jobId }) => transaction(services.db, (tx) => fundJob(tx, { jobId, accountId, purse: 0, amountMicro: 400n }))),
    );
    expect(funded.filter((result) => result.status === "fulfilled")).toHaveLength(2);
    expect(funded.filter((result) => result.status === "rejected").every((result) => (result as PromiseRejectedResult).reason.code === "funds_short")).toBe(
      true,
    );
    expect((await getAccountBalance(services.db, accountId, 0)).availableMicro).toBe(200n);
  });
});

describe("checkLedger", () => {
  test("finds nothing in honest books", async () => {
    const { accountId } = await makeAccount(services);
    const { jobId } = await makeJob(services, accountId);
    await endJob(services, { jobId, state: "cancelled" });
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("finds every kind of tampering", async () => {
    const { accountId } = await makeAccount(services);
    const { jobId } = await makeJob(services, accountId);
    const { deviceId } = await makeDevice(services);
    const { jobId: closed } = await makeJob(services, accountId);
    await services.db`update jobs set closed_at = now() where id = ${uuidOf(closed)}`;
    await services.db`insert into account_postings (account_id, ref, side, amount_micro) values (${uuidOf(accountId)}, 'theft', 'available', -2000000000)`;
    await services.db`insert into job_postings (job_id, ref, line, side, device_id, amount_micro) values (${uuidOf(jobId)}, 'gift', 0, 'earned', ${uuidOf(deviceId)}, 7), (${uuidOf(jobId)}, 'drain', 0, 'escrow', null, -900000000), (${uuidOf(jobId)}, 'half', 0, 'clearing', null, 3)`;
    const laws = new Set((await checkLedger(services.db)).map((problem) => problem.law));
    expect([...laws].sort()).toEqual(
      [
        "a closed job holds nothing",
        "a job group sums to zero",
        "an account group sums to zero",
        "every settled replica is paid once",
        "no balance is negative",
        "no escrow is negative",
        "transfers mirror each other",
      ].sort(),
    );
  });
});
