import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { AccountSide } from "#lib/domain/ledger/sides.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { transaction } from "../db/transaction.ts";
import { endJob } from "../jobs/end-job.ts";
import { checkLedger, LEDGER_LAWS, type LedgerLaw } from "./check-ledger.ts";
import { fundJob } from "./fund-job.ts";
import { getAccountBalance, type JobPosting, postAccountGroup, postJobGroup } from "./ledger-store.ts";
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

  test("a group posted again changes nothing; the same ref with other lines, or with other amounts, is refused", async () => {
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
    await expect(transaction(services.db, (tx) => postFaucet(tx, accountId, 101n))).rejects.toThrow("with other lines");
    const funding = (amountMicro: bigint) => ({
      jobId,
      ref: `fund:${jobId}`,
      lines: [
        { side: "clearing" as const, amountMicro: -amountMicro },
        { side: "escrow" as const, amountMicro },
      ],
    });
    expect(await transaction(services.db, (tx) => postJobGroup(tx, funding(10n)))).toBe(false);
    await expect(transaction(services.db, (tx) => postJobGroup(tx, funding(11n)))).rejects.toThrow("with other lines");
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

  test("finds a break of each of its laws", async () => {
    const { accountId } = await makeAccount(services);
    const [{ jobId }, { deviceId }] = [await makeJob(services, accountId), await makeDevice(services)];
    for (const law of LEDGER_LAWS) await TAMPERINGS[law]({ ref: law, account: uuidOf(accountId), job: uuidOf(jobId), device: uuidOf(deviceId) });
    expect(new Set((await checkLedger(services.db)).map(({ law }) => law))).toEqual(new Set(LEDGER_LAWS));
  });
});

type Victims = { ref: string; account: string; job: string; device: string };

async function postToJob({ ref, job, device }: Victims, side: JobPosting["side"], amount: number): Promise<void> {
  await services.db`
    insert into job_postings (job_id, ref, line, side, device_id, amount_micro)
    values (${job}, ${ref}, 0, ${side}, ${side === "earned" || side === "pending" ? device : null}, ${amount})`;
}

async function postToAccount({ ref, account }: Victims, side: AccountSide, amount: number, purse = 0): Promise<void> {
  await services.db`insert into account_postings (account_id, ref, side, amount_micro, purse) values (${account}, ${ref}, ${side}, ${amount}, ${purse})`;
}

async function insertEpoch(no: number, net: number, total: number): Promise<void> {
  await services.db`
    insert into epochs (chain_id, no, state, cut_at, net_micro, fee_micro, total_micro) values (${no}, ${no}, 'finalized', now(), ${net}, 0, ${total})`;
}

/** For each law something that breaks it, and perhaps others. */
const TAMPERINGS: Record<LedgerLaw, (victims: Victims) => Promise<unknown>> = {
  "a job group sums to zero": (victims) => postToJob(victims, "escrow", 1),
  "an account group sums to zero": (victims) => postToAccount(victims, "available", 1),
  "transfers mirror each other": (victims) => postToJob(victims, "clearing", 1),
  "no escrow is negative": (victims) => postToJob(victims, "escrow", -900_000_000),
  "no balance is negative": (victims) => postToAccount(victims, "available", -2_000_000_000),
  "nothing is published, claimed or released twice": (victims) => postToAccount(victims, "published", -1),
  "a job moves money of its own chain": async (victims) => {
    await postToJob(victims, "clearing", -1);
    await postToAccount(victims, "clearing", 1, 10);
  },
  "the contracts hold what the books say": (victims) => postToAccount(victims, "chain", -1),
  "an epoch takes what it pays": () => insertEpoch(1, 1, 1),
  "the leaves add up": () => insertEpoch(2, 0, 1),
  "a closed job holds nothing": async ({ job }) => await services.db`update jobs set closed_at = now() where id = ${job}`,
  "what an epoch takes from a shared job is somebody's": async ({ job, account }) => {
    await services.db`insert into epoch_jobs (chain_id, epoch_no, job_id, net_micro, fee_micro, groups) values (1, 1, ${job}, 2, 0, 1)`;
    await services.db`insert into epoch_stakes (chain_id, epoch_no, job_id, account_id, amount_micro) values (1, 1, ${job}, ${account}, 1)`;
  },
  "every settled replica is paid once": (victims) => postToJob(victims, "earned", 7),
  "nobody forfeits more than is pending": (victims) => postToJob(victims, "pending", -1),
  "no reserve is negative": (victims) => postToJob(victims, "reserve", -1),
  "nobody got more out of a job than they put in": async (victims) => {
    await services.db`insert into job_funders (job_id, address, share_bps, account_id, added_at) values (${victims.job}, '0xa', 1, ${victims.account}, now())`;
    await postToJob(victims, "clearing", 900_000_000);
    await postToAccount(victims, "clearing", -900_000_000);
  },
};
