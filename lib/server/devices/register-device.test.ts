import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idOf, uuidOf } from "#lib/domain/ids.ts";
import { CHECKING_DEVICES_MAX } from "#lib/domain/trust/own-check.ts";
import { getMe } from "#lib/protocol/accounts/accounts.ts";
import { createCheckingCode, listCheckingDevices, revokeCheckingDevice } from "#lib/protocol/devices/checking-devices.ts";
import { createEnrolment, deviceStatement, listDevices, registerDevice, revokeDevice } from "#lib/protocol/devices/devices.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { createDeviceKey, type DeviceKey, describeDeviceKey, signStatement } from "#workers/volunteer/exchange/device-key.ts";
import { findPrincipal } from "../accounts/find-principal.ts";
import { type Caller, type Credentials, openCaller } from "../accounts/testing/open-caller.ts";
import { askNonce, makeWallet, signInWith } from "../accounts/testing/test-wallet.ts";
import { signDeviceToken } from "./device-token.ts";

const operatorWallet = makeWallet("operator");
let services: TestServices;
let call: Caller;
let operator: Credentials;

beforeAll(async () => {
  services = await openTestServices({ operatorAddresses: [operatorWallet.address] });
  call = openCaller(services);
  operator = (await signInWith(services, call, operatorWallet)).credentials;
});
afterAll(async () => await services.close());

const makeKey = async () => await createDeviceKey({ extractable: false });

type Lie = { nonce?: string; origin?: string; signer?: DeviceKey; thumbprint?: string };

/** What a device sends, with what a test lies about. */
const fill = async (key: DeviceKey, lie: Lie = {}) => {
  const nonce = lie.nonce ?? (await askNonce(call, "device"));
  const { publicKey, thumbprint } = await describeDeviceKey(key);
  const statement = deviceStatement({ origin: lie.origin ?? services.config.origin, nonce }, lie.thumbprint ?? thumbprint);
  return { publicKey, nonce, signature: await signStatement(lie.signer ?? key, statement), kind: "headless", cores: 4 };
};
const register = async (key: DeviceKey, more: Record<string, unknown> = {}) => await call(registerDevice, { ...(await fill(key)), ...more });
const askCode = async () => String((await call(createEnrolment, {}, operator)).body.code);
const bearer = (token: unknown): Credentials => ({ authorization: `Bearer ${token}` });
const principalOf = async (credentials: Credentials) => await findPrincipal(services, { headers: new Headers(credentials) });
const countDevices = async () => (await services.db<{ n: number }[]>`select count(*)::int as n from devices`)[0]?.n;

describe("a device", () => {
  test("registers with a key it can use, and its token says who it is", async () => {
    const key = await makeKey();
    const { status, body } = await register(key);
    expect(status).toBe(200);
    expect(body).toMatchObject({ trusted: false, expiresAt: new Date(services.clock.now().getTime() + 600_000).toISOString() });
    const deviceId = body.deviceId as `dev_${string}`;
    const [row] = await services.db<
      { id: string; thumbprint: string; cores: number }[]
    >`select id, thumbprint, cores from devices where id = ${uuidOf(deviceId)}`;
    expect(row).toMatchObject({ thumbprint: (await describeDeviceKey(key)).thumbprint, cores: 4 });
    expect(await principalOf(bearer(body.token))).toEqual({ kind: "device", deviceId, voterId: row?.id, trusted: false });
  });

  test("keeps its id when it registers again, and is noted as seen", async () => {
    const key = await makeKey();
    const first = await register(key);
    services.clock.advance(300_000);
    const second = await register(key, { cores: 8 });
    expect(second.body.deviceId).toBe(first.body.deviceId);
    const [row] = await services.db<
      { cores: number; last_seen_at: Date }[]
    >`select cores, last_seen_at from devices where id = ${uuidOf(second.body.deviceId as `dev_${string}`)}`;
    expect(row).toEqual({ cores: 8, last_seen_at: services.clock.now() });
  });

  test("is one device however often its key registers at the same moment", async () => {
    const key = await makeKey();
    const before = Number(await countDevices());
    const answers = await Promise.all(Array.from({ length: 8 }, () => register(key)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(new Set(answers.map(({ body }) => body.deviceId)).size).toBe(1);
    expect(await countDevices()).toBe(before + 1);
  });

  test("of an account votes as that account", async () => {
    const key = await makeKey();
    const { body } = await register(key);
    const [account] = await services.db<{ id: string }[]>`
      update devices d set account_id = a.id from accounts a where d.id = ${uuidOf(body.deviceId as `dev_${string}`)} and a.address = ${operatorWallet.address} returning a.id`;
    expect(await principalOf(bearer((await register(key)).body.token))).toMatchObject({ voterId: account?.id });
  });
});

describe("a registration is refused", () => {
  test.each<[string, () => Promise<Lie>]>([
    ["another key signed it", async () => ({ signer: await makeKey() })],
    ["it was signed for another instance", async () => ({ origin: "https://other.example" })],
    ["it was signed for another key", async () => ({ thumbprint: (await describeDeviceKey(await makeKey())).thumbprint })],
  ])("if %s", async (_, lie) => {
    const before = await countDevices();
    const answer = await call(registerDevice, await fill(await makeKey(), await lie()));
    expect([answer.status, answer.error]).toEqual([401, "signature_invalid"]);
    expect(await countDevices()).toBe(before);
  });

  test("if it presents the key of another device", async () => {
    const victim = await makeKey();
    await register(victim);
    const mallory = await makeKey();
    const request = await fill(mallory);
    const { publicKey, thumbprint } = await describeDeviceKey(victim);
    expect((await call(registerDevice, { ...request, publicKey })).error).toBe("signature_invalid");
    expect((await call(registerDevice, { ...(await fill(mallory, { thumbprint })), publicKey })).error).toBe("signature_invalid");
  });

  test("if its challenge was used, by itself or by a registration that failed", async () => {
    const request = await fill(await makeKey());
    const answers = await Promise.all(Array.from({ length: 5 }, () => call(registerDevice, request)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
    expect((await call(registerDevice, request)).error).toBe("challenge_unknown");
    const nonce = await askNonce(call, "device");
    expect((await call(registerDevice, await fill(await makeKey(), { nonce, signer: await makeKey() }))).error).toBe("signature_invalid");
    expect((await call(registerDevice, await fill(await makeKey(), { nonce }))).error).toBe("challenge_unknown");
  });

  test("if its challenge is made up, for signing in, or older than five minutes", async () => {
    const key = await makeKey();
    expect((await call(registerDevice, await fill(key, { nonce: "madeUp" }))).error).toBe("challenge_unknown");
    expect((await call(registerDevice, await fill(key, { nonce: await askNonce(call, "sign-in") }))).error).toBe("challenge_unknown");
    const late = await fill(key);
    services.clock.advance(300_000);
    expect((await call(registerDevice, late)).error).toBe("challenge_unknown");
  });

  test("if its key is not on the curve", async () => {
    const request = await fill(await makeKey());
    const answer = await call(registerDevice, { ...request, publicKey: { ...request.publicKey, y: request.publicKey.x } });
    expect([answer.status, answer.error]).toEqual([401, "signature_invalid"]);
  });

  test("with the field that is wrong", async () => {
    const request = await fill(await makeKey());
    const answers = [{ cores: 0 }, { kind: "phone" }, { trusted: true }, { publicKey: { ...request.publicKey, d: "x" } }].map((lie) =>
      call(registerDevice, { ...request, ...lie }),
    );
    for (const answer of await Promise.all(answers)) expect([answer.status, answer.error]).toEqual([400, "bad_request"]);
  });
});

describe("a token", () => {
  test("runs out after ten minutes", async () => {
    const { body } = await register(await makeKey());
    services.clock.advance(600_000 - 1000);
    expect(await principalOf(bearer(body.token))).toMatchObject({ kind: "device" });
    services.clock.advance(1000);
    await expect(principalOf(bearer(body.token))).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("is refused when it was changed, made without the secret, or made for another instance", async () => {
    const { body } = await register(await makeKey());
    const [head = "", claims = "", signature = ""] = String(body.token).split(".");
    const lie = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(claims, "base64url").toString()), trusted: true })).toString("base64url");
    const unsigned = Buffer.from(JSON.stringify({ alg: "none", typ: "shoal-device+jwt" })).toString("base64url");
    const who = { deviceId: body.deviceId as `dev_${string}`, voterId: "00000000-0000-4000-8000-000000000000", trusted: true, thumbprint: "x" };
    const elsewhere = await signDeviceToken({ ...services, config: { ...services.config, sessionSecret: "another secret of at least 32 characters" } }, who);
    const sister = await signDeviceToken({ ...services, config: { ...services.config, origin: "https://other.example" } }, who);
    for (const token of [`${head}.${lie}.${signature}`, `${unsigned}.${lie}.`, `${head}.${claims}.`, elsewhere.token, sister.token, "a.b.c", "x"]) {
      await expect(principalOf(bearer(token)), token).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });

  test("does not pass as a session, nor a session as a token", async () => {
    const { body } = await register(await makeKey());
    expect((await call(getMe, {}, { cookie: `shoal_session=${body.token}` })).error).toBe("unauthenticated");
    expect((await call(getMe, {}, bearer(body.token))).error).toBe("unauthenticated");
    const seal = String(operator.cookie).split("=")[1];
    await expect(principalOf(bearer(seal))).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test("goes before the session cookie that the same browser sends", async () => {
    const { body } = await register(await makeKey());
    expect(await principalOf({ ...operator, ...bearer(body.token) })).toMatchObject({ kind: "device" });
    await expect(principalOf({ ...operator, ...bearer("x") })).rejects.toMatchObject({ code: "unauthenticated" });
  });
});

describe("an operator's code", () => {
  test("makes the device that presents it trusted, for as long as its key is", async () => {
    const key = await makeKey();
    const ordinary = await register(key);
    const { body } = await register(key, { enrolmentCode: await askCode() });
    expect(body).toMatchObject({ trusted: true, deviceId: ordinary.body.deviceId });
    expect((await register(key)).body).toMatchObject({ trusted: true });
    expect(await principalOf(bearer((await register(key)).body.token))).toMatchObject({ trusted: true });
    const { devices } = (await call(listDevices, {}, operator)).body as { devices: { id: string; trusted: boolean; revoked: boolean }[] };
    expect(devices[0]).toMatchObject({ id: body.deviceId, kind: "headless", cores: 4, trusted: true, revoked: false });
  });

  test("works for one device; that one may present it again, because an answer can be lost", async () => {
    const code = await askCode();
    const keys = await Promise.all(Array.from({ length: 5 }, makeKey));
    const answers = await Promise.all(keys.map((key) => register(key, { enrolmentCode: code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
    const winner = keys[answers.findIndex(({ status }) => status === 200)] as DeviceKey;
    expect((await register(winner, { enrolmentCode: code })).body).toMatchObject({ trusted: true });
    const before = await countDevices();
    expect((await register(await makeKey(), { enrolmentCode: code })).error).toBe("enrolment_unknown");
    // A device whose code is refused is not registered as an ordinary one either.
    expect(await countDevices()).toBe(before);
  });

  test("is void after an hour, if made up, and once its maker is no operator any more", async () => {
    const code = await askCode();
    services.clock.advance(3600_000);
    expect((await register(await makeKey(), { enrolmentCode: code })).error).toBe("enrolment_unknown");
    expect((await register(await makeKey(), { enrolmentCode: "0".repeat(32) })).error).toBe("enrolment_unknown");
    const orphan = await askCode();
    await services.db`update accounts set roles = '{}' where address = ${operatorWallet.address}`;
    expect((await register(await makeKey(), { enrolmentCode: orphan })).error).toBe("enrolment_unknown");
    await services.db`update accounts set roles = '{operator}' where address = ${operatorWallet.address}`;
  });

  test("is kept as a hash only", async () => {
    const code = await askCode();
    const rows = await services.db<{ text: string }[]>`select e::text as text from enrolments e`;
    expect(rows.length).toBeGreaterThan(0);
    for (const { text } of rows) expect(text).not.toContain(code);
  });

  test("is made, and devices are listed and revoked, by operators only", async () => {
    const { credentials } = await signInWith(services, call, makeWallet("ordinary"));
    const deviceId = (await register(await makeKey())).body.deviceId;
    for (const [who, error] of [
      [credentials, "forbidden"],
      [{}, "unauthenticated"],
    ] as const) {
      for (const endpoint of [createEnrolment, listDevices, revokeDevice]) {
        expect((await call(endpoint, endpoint === revokeDevice ? { deviceId } : {}, who)).error).toBe(error);
      }
    }
  });
});

describe("an owner's code", () => {
  const askOwnCode = async (who: Record<string, string>) => ((await call(createCheckingCode, {}, who)).body as { code: string }).code;

  test("has the device that presents it check that owner's jobs, trusted by nobody; the owner lists and revokes it, and nobody else", async () => {
    const [{ credentials: owner }, { credentials: other }] = [
      await signInWith(services, call, makeWallet("checked")),
      await signInWith(services, call, makeWallet("other")),
    ];
    const key = await makeKey();
    const { body } = await register(key, { enrolmentCode: await askOwnCode(owner) });
    expect(body).toMatchObject({ trusted: false, checksOwnJobs: true });
    expect(await principalOf(bearer(body.token))).toMatchObject({ trusted: false, checksFor: expect.stringMatching(/^acc_/) });
    expect((await register(key)).body).toMatchObject({ checksOwnJobs: true });
    const listed = async (who: Record<string, string>) =>
      ((await call(listCheckingDevices, {}, who)).body as { devices: { id: string }[] }).devices.map(({ id }) => id);
    expect([await listed(owner), await listed(other)]).toEqual([[body.deviceId], []]);
    expect((await call(revokeCheckingDevice, { deviceId: body.deviceId }, other)).error).toBe("not_found");
    expect((await call(revokeCheckingDevice, { deviceId: body.deviceId }, owner)).body).toEqual({ revoked: true });
    services.clock.advance(1000);
    await expect(principalOf(bearer(body.token))).rejects.toMatchObject({ code: "device_revoked" });
    expect((await register(key)).error).toBe("device_revoked");
    expect(await listed(owner)).toEqual([]);
  });

  test("neither takes a trusted device from the instance nor makes one of another owner's, and an operator's does not either", async () => {
    const [{ credentials: owner }, { credentials: other }] = [
      await signInWith(services, call, makeWallet("taker")),
      await signInWith(services, call, makeWallet("robbed")),
    ];
    const [trusted, own] = [await makeKey(), await makeKey()];
    await register(trusted, { enrolmentCode: await askCode() });
    expect((await register(trusted, { enrolmentCode: await askOwnCode(owner) })).error).toBe("conflict");
    expect((await register(trusted)).body).toMatchObject({ trusted: true, checksOwnJobs: false });
    await register(own, { enrolmentCode: await askOwnCode(other) });
    expect((await register(own, { enrolmentCode: await askOwnCode(owner) })).error).toBe("conflict");
    expect((await register(own, { enrolmentCode: await askCode() })).error).toBe("conflict");
  });

  test("is given out as long as the account has fewer devices than it may", async () => {
    const { credentials: owner } = await signInWith(services, call, makeWallet("many"));
    for (let i = 0; i < CHECKING_DEVICES_MAX; i++) await register(await makeKey(), { enrolmentCode: await askOwnCode(owner) });
    expect((await call(createCheckingCode, {}, owner)).error).toBe("conflict");
  });
});

describe("a device that an operator revokes", () => {
  test("loses its token within a second, and gets no other, not even by a code", async () => {
    const key = await makeKey();
    const { body } = await register(key, { enrolmentCode: await askCode() });
    // The set of revoked devices was just read, which is the worst moment.
    expect(await principalOf(bearer(body.token))).toMatchObject({ trusted: true });
    expect((await call(revokeDevice, { deviceId: body.deviceId }, operator)).body).toEqual({ revoked: true });
    services.clock.advance(1000);
    await expect(principalOf(bearer(body.token))).rejects.toMatchObject({ code: "device_revoked" });
    expect((await register(key)).error).toBe("device_revoked");
    expect((await register(key, { enrolmentCode: await askCode() })).error).toBe("device_revoked");
    const { devices } = (await call(listDevices, {}, operator)).body as { devices: { id: string; revoked: boolean }[] };
    expect(devices.find(({ id }) => id === body.deviceId)).toMatchObject({ revoked: true });
  });

  test("stays refused until its last token has run out", async () => {
    const key = await makeKey();
    await call(revokeDevice, { deviceId: (await register(key)).body.deviceId }, operator);
    const { body } = await register(await makeKey());
    await call(revokeDevice, { deviceId: body.deviceId }, operator);
    for (let second = 0; second < 599; second += 60) {
      services.clock.advance(second === 0 ? 1000 : 59_000);
      await expect(principalOf(bearer(body.token))).rejects.toMatchObject({ code: "device_revoked" });
    }
  });

  test("may be revoked again, and an unknown one is not found", async () => {
    const { body } = await register(await makeKey());
    const first = await call(revokeDevice, { deviceId: body.deviceId }, operator);
    services.clock.advance(5000);
    expect([first.status, (await call(revokeDevice, { deviceId: body.deviceId }, operator)).status]).toEqual([200, 200]);
    expect((await call(revokeDevice, { deviceId: idOf("dev", "0".repeat(32)) }, operator)).error).toBe("not_found");
  });
});
