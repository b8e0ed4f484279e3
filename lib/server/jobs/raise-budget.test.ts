import { afterAll, beforeAll, expect, test } from "vitest";
import { type KeyId, uuidOf } from "#lib/domain/ids.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { createKey } from "../accounts/keys/create-key.ts";
import type { Context } from "../context.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getAccountBalance } from "../ledger/ledger-store.ts";
import { cancelJob } from "./cancel-job.ts";
import { raiseBudget } from "./raise-budget.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services, 1_000_000n)).ctx;
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const available = async () => (await getAccountBalance(services.db, owner.principal.accountId, 0)).availableMicro;
const raise = async (ctx: Context, jobId: Parameters<typeof raiseBudget>[1]["jobId"], reservedMicro: string) =>
  await raiseBudget(ctx, { jobId, reservedMicro });

test("a job that ran out of money goes on with more, asked twice it pays once, and the end returns what was not spent", async () => {
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 4, quorum: 1, priceMicro: 1000n, feeBps: 0, budgetMicro: 2000n });
  const device = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
  expect((await device.exchange({ shards: 4 })).grants.reduce((sum, { fromNo, toNo }) => sum + toNo - fromNo, 0)).toBe(2);
  const other = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
  expect((await other.exchange({ shards: 4 })).grants).toEqual([]);

  const before = await available();
  const [first, second] = await Promise.all([raise(owner, jobId, "5000"), raise(owner, jobId, "5000")]);
  expect([first, second].map(({ state, money }) => [state, money.reservedMicro])).toEqual([
    ["running", "5000"],
    ["running", "5000"],
  ]);
  expect(before - (await available())).toBe(3000n);
  expect((await other.exchange({ shards: 4 })).grants.reduce((sum, { fromNo, toNo }) => sum + toNo - fromNo, 0)).toBe(2);
  await cancelJob(owner, { jobId });
  expect(await available()).toBe(before + 2000n);
});

test("an API key raises no further than its limits, together with what its jobs reserved", async () => {
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 2, budgetMicro: 2000n });
  const { key } = await createKey(owner, { name: "script", scopes: ["jobs:write"], spendTotalMicro: "1500" });
  const byKey = { ...owner, principal: { ...owner.principal, scopes: ["jobs:write" as const], key: { id: key.id as KeyId, jobId: null } } };
  expect((await raise(byKey, jobId, "3000")).money.reservedMicro).toBe("3000");
  await expect(raise(byKey, jobId, "3501")).rejects.toMatchObject({ code: "key_spend_limit", params: { left: "500", need: "501" } });
  expect((await raise(byKey, jobId, "3500")).money.reservedMicro).toBe("3500");
});

test("less than is reserved, more than one has, an ended job and somebody else's are refused and move nothing", async () => {
  const stranger = (await makeAccount(services)).ctx;
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 2, budgetMicro: 2000n });
  const before = await available();
  await expect(raise(owner, jobId, "1999")).rejects.toMatchObject({ code: "bad_request", params: { field: "reservedMicro" } });
  await expect(raise(owner, jobId, "99000000000")).rejects.toMatchObject({ code: "funds_short" });
  await expect(raise(stranger, jobId, "3000")).rejects.toMatchObject({ code: "not_found" });
  const reader = { ...owner, principal: { ...owner.principal, scopes: ["jobs:read" as const] } };
  await expect(raise(reader, jobId, "3000")).rejects.toMatchObject({ code: "key_scope" });
  expect(await available()).toBe(before);
  const [cursor] = await services.db<{ budget: string }[]>`select budget_micro::text as budget from job_cursors where job_id = ${uuidOf(jobId)}`;
  expect(cursor?.budget).toBe("2000");
  await cancelJob(owner, { jobId });
  await expect(raise(owner, jobId, "3000")).rejects.toMatchObject({ code: "job_ended" });
});
