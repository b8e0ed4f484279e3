import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import { transaction } from "../../db/transaction.ts";
import type { ByteAnswer } from "../../http/handle.ts";
import { endJob } from "../../jobs/end-job.ts";
import { exportEarnings } from "../../payouts/export-earnings.ts";
import { listEarnings } from "../../payouts/list-earnings.ts";
import { forfeitPay } from "../forfeit-pay.ts";
import { postJobGroup } from "../ledger-store.ts";
import { csvAmount, csvLine } from "./csv.ts";
import { exportInvoices } from "./export-invoices.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => await services.close());

async function read({ body }: ByteAnswer): Promise<string[][]> {
  let text = "";
  for await (const part of body) text += Buffer.from(part).toString("utf8");
  return text
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));
}

describe("a line", () => {
  test("quotes what would end a cell, and lets no text begin a formula", () => {
    expect(csvLine(['a"b', "c,d", "e\nf", null, 7])).toBe('"a""b","c,d","e\nf",,7\r\n');
    expect(csvLine(["=1+1", "+1", "@x", "-cmd", "\t=1", "-5.25"])).toBe("'=1+1,'+1,'@x,'-cmd,'\t=1,-5.25\r\n");
  });

  test("has amounts with all their digits, small and negative ones too", () => {
    expect([1n, -1n, 0n, 1_000_000n, -12_345_678n, 2n ** 63n - 1n].map(csvAmount)).toEqual([
      "0.000001",
      "-0.000001",
      "0.000000",
      "1.000000",
      "-12.345678",
      "9223372036854.775807",
    ]);
  });
});

/** A job of 10 shards of which a device got 3 at once, 2 that were checked first, and 1 that was taken back. */
async function workedJob() {
  const [owner, earner] = [await makeAccount(services), await makeAccount(services, 0n)];
  const { jobId } = await makeJob(services, owner.accountId, { shardCount: 10, replicasMax: 1, priceMicro: 1000n });
  const { deviceId } = await makeDevice(services);
  await services.db`update devices set account_id = ${uuidOf(earner.accountId)} where id = ${uuidOf(deviceId)}`;
  const job = { jobId, priceMicro: 1000n, feeBps: 500 };
  await transaction(services.db, async (tx) => {
    await settleReplicas(tx, job, [{ deviceId, agreed: "yes", isVested: true, count: 3, durationMs: 5 }]);
    await settleReplicas(tx, job, [{ deviceId, agreed: "yes", isVested: false, count: 3, durationMs: 5 }]);
    await forfeitPay(tx, job, [{ deviceId, replicas: 1 }]);
    const vested = [
      { side: "pending" as const, deviceId, amountMicro: -2000n },
      { side: "earned" as const, deviceId, amountMicro: 2000n },
    ];
    await postJobGroup(tx, { jobId, ref: "vest:standard:1", lines: vested });
  });
  return { owner, earner, jobId, deviceId };
}

test("an invoice says of each job what was reserved, and where all of it went, to the unit; a stranger's says nothing of it", async () => {
  const { owner, earner, jobId } = await workedJob();
  await endJob(services, { jobId, state: "cancelled" });
  const [head, line] = await read(await exportInvoices(owner.ctx, {}));
  expect(head?.slice(6)).toEqual(["reserved DEMO", "paid to devices DEMO", "fee DEMO", "returned DEMO", "held DEMO"]);
  expect(line?.slice(2)).toEqual([jobId, "Counting", "cancelled", "0", "0.010500", "0.006000", "0.000300", "0.004200", "0.000000"]);
  expect(await read(await exportInvoices(earner.ctx, {}))).toHaveLength(1);
  const before = { to: "2020-01-01T00:00:00.000Z" };
  expect(await read(await exportInvoices(owner.ctx, before))).toHaveLength(1);
});

test("what a device earned is in its account's history once, also when a check came first; what was taken back is there too", async () => {
  const { earner, jobId, deviceId } = await workedJob();
  const { rows } = await listEarnings(earner.ctx, { limit: 50 });
  expect(rows.map(({ kind, amountMicro }) => `${kind} ${amountMicro}`).sort()).toEqual(["earned 3000", "earned 3000", "taken_back 1000"]);
  const [, ...lines] = await read(await exportEarnings(earner.ctx, { deviceId }));
  expect(lines.map(([, kind, amount, device, job]) => [kind, amount, device, job])).toEqual(
    rows.map(({ kind, amountMicro }) => [kind, csvAmount(BigInt(amountMicro)), deviceId, jobId]),
  );
  expect(await read(await exportEarnings(earner.ctx, { kind: "taken_back" }))).toHaveLength(2);
});
