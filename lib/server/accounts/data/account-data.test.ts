import { afterAll, beforeAll, expect, test } from "vitest";
import { type AccountId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { createKey, deleteMe, exportMe, getMe } from "#lib/protocol/accounts/accounts.ts";
import { createUpload } from "#lib/server/artifacts/uploads/create-upload.ts";
import { transaction } from "#lib/server/db/transaction.ts";
import { newId } from "#lib/server/ids.ts";
import { cancelJob } from "#lib/server/jobs/cancel-job.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";
import { insertReport } from "#lib/server/policy/report-store.ts";
import { insertMember, insertPool } from "#lib/server/pools/pool-store.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { upload } from "#lib/testing/submission.ts";
import { type Caller, type Credentials, openCaller } from "../testing/open-caller.ts";
import { makeWallet, signInWith } from "../testing/test-wallet.ts";

let services: TestServices;
let call: Caller;

beforeAll(async () => {
  services = await openTestServices({ demo: true, faucetMicro: 1_000_000_000n });
  call = openCaller(services);
});
afterAll(async () => await services.close());

type Person = { id: AccountId; address: string; session: Credentials; principal: AccountPrincipal };

async function person(name: string): Promise<Person> {
  const wallet = makeWallet(name);
  const { answer, credentials } = await signInWith(services, call, wallet);
  const id = answer.body.id as AccountId;
  return { id, address: wallet.address, session: credentials, principal: { kind: "account", accountId: id, address: wallet.address, roles: [], scopes: null } };
}

const keyOf = async ({ session }: Person) => (await call(createKey, { name: "nightly", scopes: ["jobs:read", "jobs:write"] }, session)).body.secret as string;
const put = async ({ principal }: Person, text: string) => (await upload({ ...services, principal }, "input", text)).sha256;
const cancel = async ({ principal }: Person, jobId: JobId) => await cancelJob({ ...services, principal }, { jobId });

test("an export holds what is stored about its account, no secret, and nothing of another account", async () => {
  const [ada, bob] = [await person("ada"), await person("bob")];
  const secret = await keyOf(ada);
  const { jobId } = await makeJob(services, ada.id);
  const { jobId: other } = await makeJob(services, bob.id);
  const mine = await put(ada, "ada's input");
  const theirs = await put(bob, "bob's input");
  await createUpload({ ...services, principal: ada.principal }, { part: "input", sha256: "a".repeat(64), bytes: 10 });
  const { body } = await call(exportMe, {}, ada.session);
  expect(body).toMatchObject({
    account: { id: ada.id, address: ada.address },
    keys: [{ name: "nightly", revokedAt: null }],
    uploads: [{ sha256: mine }],
    unfinishedUploads: [{ sha256: "a".repeat(64), bytes: 10, receivedBytes: 0 }],
    jobs: [{ id: jobId, submission: { name: "Counting" } }],
  });
  expect((body.postings as unknown[]).length).toBeGreaterThan(0);
  const text = JSON.stringify(body);
  const [row] = await services.db<{ secret_hash: string }[]>`select secret_hash from api_keys where account_id = ${uuidOf(ada.id)}`;
  for (const foreign of [secret, row?.secret_hash, bob.id, bob.address, other, theirs]) expect(text).not.toContain(foreign);
});

test("a device that checks the account's jobs is in its export, and revoked when the account goes", async () => {
  const [kim, lou] = [await person("kim"), await person("lou")];
  const [{ deviceId }, { deviceId: other }] = [await makeDevice(services, { checksFor: kim.id }), await makeDevice(services, { checksFor: lou.id })];
  expect((await call(exportMe, {}, kim.session)).body).toMatchObject({ devices: [{ id: deviceId }] });
  expect((await call(deleteMe, {}, kim.session)).status).toBe(200);
  const rows = await services.db<{ id: string }[]>`select id from devices where revoked_at is not null and id = any(${[deviceId, other].map(uuidOf)}::uuid[])`;
  expect(rows.map(({ id }) => id.replaceAll("-", ""))).toEqual([deviceId.slice(4)]);
});

test("a key can neither read the whole account nor delete it, and nobody else can", async () => {
  const eve = await person("eve");
  const authorization = `Bearer ${await keyOf(eve)}`;
  for (const endpoint of [exportMe, deleteMe]) {
    expect((await call(endpoint, {}, { authorization })).error).toBe("forbidden");
    expect((await call(endpoint, {})).error).toBe("unauthenticated");
  }
  expect((await call(getMe, {}, eve.session)).status).toBe(200);
});

test("an account with an open job is not deleted: the job is named, and nothing has changed", async () => {
  const dan = await person("dan");
  await makeJob(services, dan.id);
  const refused = await call(deleteMe, {}, dan.session);
  expect([refused.error, refused.problem]).toEqual(["conflict", expect.stringContaining("Counting")]);
  expect((await call(getMe, {}, dan.session)).body).toMatchObject({ address: dan.address });
});

test("a deleted account leaves no address, key, session, upload or word behind, and books that still balance", async () => {
  const [fay, gus] = [await person("fay"), await person("gus")];
  const secret = await keyOf(fay);
  const { jobId } = await makeJob(services, fay.id);
  await cancel(fay, jobId);
  const [own, shared] = [await put(fay, "only fay's"), await put(fay, "of both")];
  await put(gus, "of both");
  const before = await services.db`select * from account_postings where account_id = ${uuidOf(fay.id)} order by ref, side`;
  const [at, poolId] = [services.clock.now(), newId("pol")];
  await transaction(services.db, async (tx) => {
    await insertPool(tx, { id: poolId, name: "Lab", at });
    for (const { id: accountId } of [fay, gus]) await insertMember(tx, { poolId, accountId, role: "admin", codeHash: null, at });
    await insertReport(tx, { jobId, reporter: fay.id, text: "mines coins", at });
  });
  expect((await call(exportMe, {}, fay.session)).body).toMatchObject({ pools: [poolId], reports: [{ jobId, text: "mines coins" }] });

  const { status, setCookie } = await call(deleteMe, {}, fay.session);
  expect([status, setCookie]).toEqual([200, expect.stringContaining("Max-Age=0")]);

  expect((await call(getMe, {}, fay.session)).error).toBe("unauthenticated");
  expect((await call(getMe, {}, { authorization: `Bearer ${secret}` })).error).toBe("unauthenticated");
  expect([await services.blobs.size(own), await services.blobs.size(shared)]).toEqual([null, "of both".length]);
  expect(await services.db`select replace(account_id::text, '-', '') as account from pool_members`).toEqual([{ account: uuidOf(gus.id).replaceAll("-", "") }]);
  expect(await services.db`select 1 from job_reports`).toEqual([]);
  const [job] = await services.db<{ name: string; spec: unknown }[]>`select name, spec from jobs where id = ${uuidOf(jobId)}`;
  expect(job).toMatchObject({ name: "", spec: { name: "", description: "", program: { args: [] } } });
  const kept = await services.db<{ text: string }[]>`select a::text as text from accounts a where id = ${uuidOf(fay.id)}`;
  expect(kept[0]?.text).not.toContain(fay.address);
  expect(await services.db`select * from account_postings where account_id = ${uuidOf(fay.id)} order by ref, side`).toEqual(before);
  expect(await checkLedger(services.db)).toEqual([]);
  expect((await call(getMe, {}, gus.session)).status).toBe(200);

  const again = await person("fay");
  expect(again.id).not.toBe(fay.id);
  expect((await call(exportMe, {}, again.session)).body).toMatchObject({ jobs: [], keys: [], uploads: [] });
});
