import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import { createKey, deleteMe, exportMe } from "#lib/protocol/accounts/accounts.ts";
import { deviceStatement, registerDevice } from "#lib/protocol/devices/devices.ts";
import { createJob as createJobEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { getLegal as getLegalEndpoint } from "#lib/protocol/legal/legal.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, makeSubmission } from "#lib/testing/submission.ts";
import { createDeviceKey, type DeviceKey, describeDeviceKey, signStatement } from "#workers/volunteer/exchange/device-key.ts";
import { type Caller, type Credentials, openCaller } from "../accounts/testing/open-caller.ts";
import { askNonce, makeWallet, signInWith } from "../accounts/testing/test-wallet.ts";
import { handle } from "../http/handle.ts";
import { cancelJob } from "../jobs/cancel-job.ts";
import { createJob } from "../jobs/create-job.ts";
import type { AccountPrincipal } from "../principal.ts";
import { getLegal } from "./get-legal.ts";

const FIRST = { privacy: "2026-01-01", terms: "2026-02-02" };

let services: TestServices;
let call: Caller;
let legalFolder: string;

/** Puts the texts into the versions given, as an operator does while the instance runs. */
async function publish(versions: typeof FIRST): Promise<void> {
  for (const [name, version] of Object.entries(versions)) {
    await writeFile(join(legalFolder, `${name}.md`), `---\nversion: ${version}\n---\n\n# ${name}\n\nWhat holds here.\n`);
  }
}

beforeAll(async () => {
  legalFolder = await mkdtemp(join(tmpdir(), "shoal-legal-"));
  services = await openTestServices({ legalFolder });
  call = openCaller(services);
});
beforeEach(async () => await publish(FIRST));
afterAll(async () => {
  await services.close();
  await rm(legalFolder, { recursive: true, force: true });
});

type Person = { id: AccountId; session: Credentials; principal: AccountPrincipal };

async function person(name: string): Promise<Person> {
  const wallet = makeWallet(name);
  const { answer, credentials } = await signInWith(services, call, wallet);
  const id = answer.body.id as AccountId;
  return { id, session: credentials, principal: { kind: "account", accountId: id, address: wallet.address, roles: [], scopes: null } };
}

/** One submission through its door, as a browser or a program sends it. */
async function submit({ principal }: Person, credentials: Credentials, more: Record<string, unknown>) {
  const job = await makeSubmission({ ...services, principal });
  const before = await countRows(services.db);
  const door = handle(createJobEndpoint, createJob, async () => services);
  const headers = { "content-type": "application/json", ...credentials };
  const response = await door(
    new Request(services.config.origin + createJobEndpoint.path, { method: "POST", headers, body: JSON.stringify({ ...job, ...more }) }),
  );
  const body = (await response.json()) as { id: `job_${string}`; error?: { code: string; params: Record<string, string> } };
  return { body, error: body.error, isUnchanged: JSON.stringify(await countRows(services.db)) === JSON.stringify(before) };
}

const exported = async ({ session }: Person) => (await call(exportMe, {}, session)).body.consents;
const rowsOf = async (id: AccountId | `dev_${string}`) =>
  await services.db`select document, version, at from consents where who = ${uuidOf(id)} order by document, version`;

async function register(key: DeviceKey, more: Record<string, unknown>, signer = key) {
  const { publicKey, thumbprint } = await describeDeviceKey(key);
  const nonce = await askNonce(call, "device");
  const signature = await signStatement(signer, deviceStatement({ origin: services.config.origin, nonce }, thumbprint));
  return await call(registerDevice, { publicKey, nonce, signature, kind: "headless", cores: 2, ...more });
}
const makeKey = async () => await createDeviceKey({ extractable: false });

test("anybody can ask which versions hold, and hears of a new one at once", async () => {
  const door = handle(getLegalEndpoint, getLegal, async () => services);
  const ask = async () => await (await door(new Request(services.config.origin + getLegalEndpoint.path))).json();
  const text = (document: string, version: string) => ({ document, version, url: `${services.config.origin}/${document}` });
  expect(await ask()).toEqual({ texts: [text("privacy", FIRST.privacy), text("terms", FIRST.terms)] });
  await publish({ ...FIRST, terms: "2026-03-03" });
  expect(await ask()).toEqual({ texts: [text("privacy", FIRST.privacy), text("terms", "2026-03-03")] });
});

describe("who submits a job", () => {
  test("agrees to the version they name: it is noted once, with its first moment, and is no part of the job", async () => {
    const ada = await person("ada");
    const firstAt = services.clock.now().toISOString();
    const { body } = await submit(ada, ada.session, { terms: FIRST.terms });
    services.clock.advance(1000);
    expect((await submit(ada, ada.session, { terms: FIRST.terms })).error).toBeUndefined();
    expect(await exported(ada)).toEqual([{ device: null, document: "terms", version: FIRST.terms, at: firstAt }]);
    const [job] = await services.db<{ spec: Record<string, unknown> }[]>`select spec from jobs where id = ${uuidOf(body.id)}`;
    expect(job?.spec).toMatchObject({ version: 1 });
    expect(job?.spec).not.toHaveProperty("terms");
  });

  test("agrees to a later version beside the earlier one", async () => {
    const ben = await person("ben");
    await submit(ben, ben.session, { terms: FIRST.terms });
    await publish({ ...FIRST, terms: "2026-03-03" });
    await submit(ben, ben.session, { terms: "2026-03-03" });
    expect(await rowsOf(ben.id)).toMatchObject([{ version: FIRST.terms }, { version: "2026-03-03" }]);
  });

  test.each(["1999-01-01", "2099-01-01"])("is refused with a version that never was, %s: the one that holds is named, nothing is stored", async (terms) => {
    const cleo = await person(`cleo ${terms}`);
    const { error, isUnchanged } = await submit(cleo, cleo.session, { terms });
    expect(error).toMatchObject({ code: "text_changed", params: { document: "terms", want: FIRST.terms, got: terms } });
    expect(isUnchanged).toBe(true);
  });

  test("cannot agree to a text's version that is no date", async () => {
    const dora = await person("dora");
    expect((await submit(dora, dora.session, { terms: "any" })).error).toMatchObject({ code: "bad_request", params: { field: "terms" } });
  });

  test("is not said to have agreed when their program names no version", async () => {
    const eli = await person("eli");
    const { secret } = (await call(createKey, { name: "nightly", scopes: ["jobs:write", "artifacts:write"] }, eli.session)).body;
    expect((await submit(eli, { authorization: `Bearer ${secret}` }, {})).error).toBeUndefined();
    expect(await exported(eli)).toEqual([]);
  });
});

describe("who lends a device", () => {
  test("agrees to what they were shown: it stays with the device, once, however often it registers", async () => {
    const key = await makeKey();
    const { body } = await register(key, { consent: FIRST });
    const device = body.deviceId as `dev_${string}`;
    const first = await rowsOf(device);
    expect(first).toMatchObject([
      { document: "privacy", version: FIRST.privacy },
      { document: "terms", version: FIRST.terms },
    ]);
    services.clock.advance(60_000);
    await register(key, { consent: FIRST });
    await register(key, {});
    expect(await rowsOf(device)).toEqual(first);
  });

  test("is refused with a version that never was, and neither the device nor a consent is stored", async () => {
    const before = await countRows(services.db);
    const refused = await register(await makeKey(), { consent: { ...FIRST, privacy: "2020-02-02" } });
    expect([refused.error, refused.problem]).toEqual(["text_changed", expect.stringContaining(FIRST.privacy)]);
    expect(await countRows(services.db)).toEqual(before);
  });

  test("can agree for no account and for no other device", async () => {
    const finn = await person("finn");
    const [mine, theirs] = [await makeKey(), await makeKey()];
    const { body } = await register(theirs, {});
    expect((await register(mine, { consent: FIRST, accountId: finn.id })).error).toBe("bad_request");
    expect((await register(mine, { consent: { ...FIRST, who: finn.id } })).error).toBe("bad_request");
    expect((await register(theirs, { consent: FIRST }, mine)).error).toBe("signature_invalid");
    const token = (await register(mine, { consent: FIRST })).body.token;
    expect((await submit(finn, { authorization: `Bearer ${token}` }, { terms: FIRST.terms })).error?.code).toBe("unauthenticated");
    expect([await exported(finn), await rowsOf(body.deviceId as `dev_${string}`)]).toEqual([[], expect.objectContaining({ length: 0 })]);
  });

  test("finds it in the export of the account that the device is linked to, and nobody else does", async () => {
    const [gil, hal] = [await person("gil"), await person("hal")];
    const { body } = await register(await makeKey(), { consent: FIRST });
    await services.db`update devices set account_id = ${uuidOf(gil.id)} where id = ${uuidOf(body.deviceId as `dev_${string}`)}`;
    expect(await exported(gil)).toMatchObject([
      { device: body.deviceId, document: "privacy" },
      { device: body.deviceId, document: "terms" },
    ]);
    expect(await exported(hal)).toEqual([]);
  });
});

test("a deleted account has agreed to nothing, and what others agreed to stays", async () => {
  const [ida, jon] = [await person("ida"), await person("jon")];
  const { body } = await submit(ida, ida.session, { terms: FIRST.terms });
  await submit(jon, jon.session, { terms: FIRST.terms });
  await cancelJob({ ...services, principal: ida.principal }, { jobId: body.id });
  expect((await call(deleteMe, {}, ida.session)).status).toBe(200);
  expect([(await rowsOf(ida.id)).length, (await rowsOf(jon.id)).length]).toEqual([0, 1]);
});
