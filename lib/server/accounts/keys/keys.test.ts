import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KeyId } from "#lib/domain/ids.ts";
import { createKey, getCurrentKey, getMe, listKeys, revokeKey, signOut } from "#lib/protocol/accounts/accounts.ts";
import { createEnrolment, listDevices } from "#lib/protocol/devices/devices.ts";
import { getJob, listJobs } from "#lib/protocol/jobs/jobs.ts";
import { handle } from "#lib/server/http/handle.ts";
import { newId } from "#lib/server/ids.ts";
import { getJob as getJobCommand } from "#lib/server/jobs/get-job.ts";
import { listJobs as listJobsCommand } from "#lib/server/jobs/list-jobs.ts";
import { makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { transaction } from "../../db/transaction.ts";
import { findPrincipal } from "../find-principal.ts";
import { type Caller, type Credentials, openCaller } from "../testing/open-caller.ts";
import { makeWallet, signInWith } from "../testing/test-wallet.ts";
import { chargeKey } from "./charge-key.ts";
import { startOfDay } from "./key-store.ts";

const operatorWallet = makeWallet("operator");
let services: TestServices;
let call: Caller;
let session: Credentials;
let operator: Credentials;

beforeAll(async () => {
  services = await openTestServices({ operatorAddresses: [operatorWallet.address] });
  call = openCaller(services);
  session = (await signInWith(services, call, makeWallet("ada"))).credentials;
  operator = (await signInWith(services, call, operatorWallet)).credentials;
});
afterAll(async () => await services.close());

type Made = { key: { id: string; hint: string; expiresAt: string | null; lastUsedAt: string | null }; secret: string };
const make = async (input: Record<string, unknown>, who = session): Promise<Made> =>
  (await call(createKey, { name: "ci", scopes: ["jobs:read"], ...input }, who)).body as Made;
const bearer = (secret: string): Credentials => ({ authorization: `Bearer ${secret}` });
const listed = async (who = session) => ((await call(listKeys, {}, who)).body as { keys: Made["key"][] }).keys;
const askJobs = async (credentials: Credentials) => {
  const response = await handle(
    listJobs,
    listJobsCommand,
    async () => services,
  )(new Request(`${services.config.origin}/api/v1/jobs`, { headers: credentials }));
  return { status: response.status, body: (await response.json()) as { error?: { code: string } } };
};

describe("a key", () => {
  test("speaks for its account, is shown once, and is kept as a hash with its last four characters", async () => {
    const { key, secret } = await make({ name: "  nightly  " });
    expect(secret).toMatch(/^shoal_[\w-]{43}$/);
    expect(key).toMatchObject({ name: "nightly", hint: secret.slice(-4), scopes: ["jobs:read"], expiresAt: null, lastUsedAt: null });
    expect((await call(getMe, {}, bearer(secret))).body).toMatchObject({ address: makeWallet("ada").address });
    expect((await askJobs(bearer(secret))).status).toBe(200);
    const rows = await services.db<{ text: string }[]>`select k::text as text from api_keys k`;
    for (const { text } of rows) expect(text).not.toContain(secret.slice("shoal_".length));
    expect(JSON.stringify(await listed())).not.toContain(secret);
  });

  test("without a scope is refused, and told which", async () => {
    const { secret } = await make({ scopes: ["artifacts:write"] });
    const { status, body } = await askJobs(bearer(secret));
    expect([status, body.error]).toEqual([403, expect.objectContaining({ code: "key_scope", params: { scope: "jobs:read" } })]);
  });

  test("of an operator needs the scope too, and the scope alone makes no operator", async () => {
    const { secret: weak } = await make({ scopes: ["jobs:read"] }, operator);
    const { secret: strong } = await make({ scopes: ["devices:manage"] }, operator);
    const { secret: nobody } = await make({ scopes: ["devices:manage"] });
    for (const endpoint of [createEnrolment, listDevices]) {
      expect((await call(endpoint, {}, bearer(weak))).error).toBe("key_scope");
      expect((await call(endpoint, {}, bearer(strong))).status).toBe(200);
      expect((await call(endpoint, {}, bearer(nobody))).error).toBe("forbidden");
    }
  });

  test("cannot make, list or revoke keys, nor end sessions", async () => {
    const { key, secret } = await make({});
    const inputs = [
      [createKey, { name: "x", scopes: ["jobs:write"] }],
      [listKeys, {}],
      [revokeKey, { keyId: key.id }],
      [signOut, { everywhere: true }],
    ] as const;
    for (const [endpoint, input] of inputs) expect((await call(endpoint, input, bearer(secret))).error, endpoint.name).toBe("forbidden");
    expect((await call(getMe, {}, session)).status).toBe(200);
  });

  test("ends at its time", async () => {
    const { key, secret } = await make({ expiresInDays: 1 });
    expect(key.expiresAt).toBe(new Date(services.clock.now().getTime() + 86_400_000).toISOString());
    services.clock.advance(86_400_000 - 1);
    expect((await call(getMe, {}, bearer(secret))).status).toBe(200);
    services.clock.advance(1);
    expect((await call(getMe, {}, bearer(secret))).error).toBe("unauthenticated");
  });

  test("ends when it is revoked, and is listed no more; revoking again changes nothing", async () => {
    const { key, secret } = await make({});
    expect((await listed()).map(({ id }) => id)).toContain(key.id);
    for (let i = 0; i < 2; i++) expect((await call(revokeKey, { keyId: key.id }, session)).body).toEqual({ revoked: true });
    expect((await call(getMe, {}, bearer(secret))).error).toBe("unauthenticated");
    expect((await listed()).map(({ id }) => id)).not.toContain(key.id);
  });

  test("of somebody else can be neither seen nor revoked", async () => {
    const { key, secret } = await make({});
    const stranger = (await signInWith(services, call, makeWallet("stranger"))).credentials;
    expect((await call(revokeKey, { keyId: key.id }, stranger)).error).toBe("not_found");
    expect(await listed(stranger)).toEqual([]);
    expect((await call(getMe, {}, bearer(secret))).status).toBe(200);
  });

  test("outlives the sessions of its account", async () => {
    const wallet = makeWallet("leaver");
    const { credentials } = await signInWith(services, call, wallet);
    const { secret } = await make({}, credentials);
    await call(signOut, { everywhere: true }, credentials);
    expect((await call(getMe, {}, credentials)).error).toBe("unauthenticated");
    expect((await call(getMe, {}, bearer(secret))).status).toBe(200);
  });

  test("shows its last use to the minute, without a write at every request", async () => {
    const { key, secret } = await make({});
    const lastUse = async () => (await listed()).find(({ id }) => id === key.id)?.lastUsedAt;
    const first = services.clock.now().toISOString();
    await call(getMe, {}, bearer(secret));
    services.clock.advance(59_999);
    await call(getMe, {}, bearer(secret));
    expect(await lastUse()).toBe(first);
    services.clock.advance(1);
    await call(getMe, {}, bearer(secret));
    expect(await lastUse()).toBe(services.clock.now().toISOString());
  });

  test("carries the roles its account has now", async () => {
    const { secret } = await make({ scopes: ["devices:manage"] }, operator);
    await services.db`update accounts set roles = '{}' where address = ${operatorWallet.address}`;
    expect((await call(listDevices, {}, bearer(secret))).error).toBe("forbidden");
    await services.db`update accounts set roles = '{operator}' where address = ${operatorWallet.address}`;
  });

  test("with a limit reserves no more in a day and in total, also by many jobs at once, and says what is left", async () => {
    const { key } = await make({ scopes: ["jobs:write"], spendDayMicro: "1000", spendTotalMicro: "1500" });
    const at = services.clock.now();
    const charge = (amountMicro: bigint) =>
      transaction(services.db, (tx) => chargeKey(tx, { keyId: key.id as KeyId, jobId: newId("job"), amountMicro, at: services.clock.now() }));
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => charge(300n)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    await expect(charge(101n)).rejects.toMatchObject({ code: "key_spend_limit", params: { period: "day", limit: "1000", left: "100", need: "101" } });
    services.clock.advance(startOfDay(at).getTime() + 86_400_000 - at.getTime());
    await charge(600n);
    await expect(charge(1n)).rejects.toMatchObject({ code: "key_spend_limit", params: { period: "total", left: "0" } });
    expect((await listed()).find(({ id }) => id === key.id)).toMatchObject({ spend: { dayMicro: "600", totalMicro: "1500", dayLimitMicro: "1000" } });
  });

  test("restricted to a job touches no other, no list, and nothing that names none; it is made for one's own job only", async () => {
    const me = (await call(getMe, {}, session)).body as { id: `acc_${string}` };
    const { jobId } = await makeJob(services, me.id);
    const { jobId: other } = await makeJob(services, me.id);
    const { secret } = await make({ jobId });
    const ask = async (id: string) => {
      const door = handle(getJob, getJobCommand, async () => services);
      const response = await door(new Request(`${services.config.origin}/api/v1/jobs/${id}`, { headers: bearer(secret) }));
      return ((await response.json()) as { error?: { code: string } }).error?.code ?? response.status;
    };
    expect([await ask(jobId), await ask(other)]).toEqual([200, "key_job"]);
    expect((await askJobs(bearer(secret))).body.error?.code).toBe("key_job");
    expect((await call(getCurrentKey, {}, bearer(secret))).body).toMatchObject({ key: { jobId } });
    const stranger = (await signInWith(services, call, makeWallet("other"))).credentials;
    expect((await call(createKey, { name: "x", scopes: ["jobs:read"], jobId }, stranger)).error).toBe("not_found");
  });

  test("is not the hundred and first of an account", async () => {
    const { credentials } = await signInWith(services, call, makeWallet("collector"));
    for (let i = 0; i < 100; i++) await make({ name: `key ${i}` }, credentials);
    const refused = await call(createKey, { name: "one more", scopes: ["jobs:read"] }, credentials);
    expect([refused.status, refused.error]).toEqual([409, "conflict"]);
    expect(await listed(credentials)).toHaveLength(100);
  });
});

describe("what is no credential", () => {
  test.each(["Bearer", "Bearer ", "Basic YTpi", "Bearer shoal_", `Bearer shoal_${"A".repeat(43)}`, "shoal_key", "Bearer a b"])(
    "is refused, not ignored: %s",
    async (authorization) => {
      await expect(findPrincipal(services, { headers: new Headers({ authorization }) })).rejects.toMatchObject({ code: "unauthenticated" });
    },
  );

  test("is nothing at all: such a request is anonymous", async () => {
    expect(await findPrincipal(services, { headers: new Headers() })).toEqual({ kind: "anonymous" });
    expect((await call(getMe)).error).toBe("unauthenticated");
  });
});
