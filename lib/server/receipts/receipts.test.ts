import { afterAll, beforeAll, expect, test } from "vitest";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { listReceipts as listReceiptsEndpoint, RECEIPTS_MAX } from "#lib/protocol/receipts/receipts.ts";
import { JobSnapshot } from "#lib/server/exchange/job-snapshot.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, okResult, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Context } from "../context.ts";
import { signDeviceToken } from "../devices/device-token.ts";
import { handle } from "../http/handle.ts";
import { listReceipts } from "./list-receipts.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => await services.close());

async function makeVolunteer(): Promise<{ ctx: Context; device: DrivenDevice }> {
  const { ctx } = await makeDevice(services);
  return { ctx, device: new DrivenDevice(ctx, new JobSnapshot(services)) };
}

test("a result is pending, then verified and paid or rejected with its reason, and each device sees its own alone", async () => {
  const { accountId } = await makeAccount(services);
  const { jobId } = await makeJob(services, accountId, { shardCount: 3, priceMicro: 700n });
  const [honest, liar, third] = await Promise.all([makeVolunteer(), makeVolunteer(), makeVolunteer()]);
  const shards = [0, 1, 2].map((no) => ({ jobId, no }));
  const standings = async ({ ctx }: { ctx: Context }) => {
    const { receipts } = await listReceipts(ctx, { shards });
    return receipts.sort((a, b) => a.no - b.no).map(({ state, reason, earnedMicro }) => [state, reason, earnedMicro]);
  };
  const pending = ["pending", "awaits_others", "0"];
  const paid = ["verified", null, "700"];

  const [first] = (await honest.device.exchange({ shards: 3 })).grants as [GrantView];
  await honest.device.exchange({ reports: [reportOf(first, (no) => `output ${no}`)] });
  expect(await standings(honest)).toEqual([pending, pending, pending]);
  expect(await standings(liar)).toEqual([]);
  const [receipt] = (await listReceipts(honest.ctx, { shards })).receipts;
  expect(receipt).toMatchObject({ jobName: "Counting", outcome: "ok", durationMs: 10, digest: okResult(0, `output ${receipt?.no}`).digest });

  const [second] = (await liar.device.exchange({ shards: 3 })).grants as [GrantView];
  await liar.device.exchange({ reports: [reportOf(second, (no) => (no === 1 ? "a lie" : `output ${no}`))] });
  const [opinion] = (await third.device.exchange({ shards: 3 })).grants as [GrantView];
  await third.device.exchange({ reports: [reportOf(opinion, (no) => `output ${no}`)] });
  expect(await standings(honest)).toEqual([paid, paid, paid]);
  expect(await standings(liar)).toEqual([paid, ["rejected", "another_output", "0"], paid]);
  expect(await standings(third)).toEqual([paid]);
});

test("a machine's failure is unpaid and nobody's fault", async () => {
  const { accountId } = await makeAccount(services);
  const { jobId } = await makeJob(services, accountId, { shardCount: 1 });
  const { ctx, device } = await makeVolunteer();
  const [grant] = (await device.exchange({ shards: 1 })).grants as [GrantView];
  await device.exchange({ reports: [{ jobId, grantId: grant.grantId, results: [{ no: 0, outcome: "timeout", durationMs: 60_000 }] }] });
  const { receipts } = await listReceipts(ctx, { shards: [{ jobId, no: 0 }] });
  expect(receipts).toMatchObject([{ state: "unpaid", reason: "machine_failed", earnedMicro: "0" }]);
});

test("401 without a device's token; 400 for no shard, too many, and what is no shard", async () => {
  const door = handle(listReceiptsEndpoint, listReceipts, async () => services);
  const { deviceId } = (await makeVolunteer()).device;
  const { token } = await signDeviceToken(services, { deviceId, voterId: "00000000-0000-7000-8000-0000000000aa", trusted: false, thumbprint: "t" });
  const call = async (shards: unknown, authorization = `Bearer ${token}`) => {
    const headers = { "content-type": "application/json", ...(authorization ? { authorization } : {}) };
    const url = services.config.origin + listReceiptsEndpoint.path;
    return (await door(new Request(url, { method: "POST", headers, body: JSON.stringify({ shards }) }))).status;
  };
  const shard = { jobId: "job_0190c9b7000070008000000000000000", no: 0 };
  expect(await call([shard])).toBe(200);
  expect(await call([shard], "")).toBe(401);
  expect(await call([shard], "Bearer forged")).toBe(401);
  for (const shards of [[], Array.from({ length: RECEIPTS_MAX + 1 }, () => shard), [{ ...shard, no: -1 }], [{ ...shard, jobId: "dev_0" }]])
    expect(await call(shards)).toBe(400);
});
