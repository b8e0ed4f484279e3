import { calculateJwkThumbprint } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AccountId, type DeviceId, uuidOf } from "#lib/domain/ids.ts";
import { createKey } from "#lib/protocol/accounts/accounts.ts";
import { createPasskeyAccount, offerPasskey, signInWithPasskey } from "#lib/protocol/accounts/passkeys.ts";
import { deviceStatement, registerDevice } from "#lib/protocol/devices/devices.ts";
import { closeDevice, linkDevice, linkStatement, listMyDevices, unlinkDevice } from "#lib/protocol/devices/devices-of-account.ts";
import { makeAccount, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { settleReplicas } from "#lib/testing/settle-replicas.ts";
import { type Answer, type Caller, type Credentials, openCaller } from "../../accounts/testing/open-caller.ts";
import { TestPasskey } from "../../accounts/testing/test-passkey.ts";
import { askNonce, makeWallet, signInWith } from "../../accounts/testing/test-wallet.ts";
import { transaction } from "../../db/transaction.ts";

let services: TestServices;
let call: Caller;
beforeAll(async () => {
  services = await openTestServices();
  call = openCaller(services);
});
afterAll(async () => await services.close());

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;

async function makeKeys() {
  const { privateKey, publicKey: key } = await crypto.subtle.generateKey(CURVE, true, ["sign"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key);
  const publicKey = { kty, crv, x, y } as { kty: "EC"; crv: "P-256"; x: string; y: string };
  const sign = async (text: string) =>
    Buffer.from(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, new TextEncoder().encode(text))).toString("base64url");
  return { publicKey, sign, thumbprint: await calculateJwkThumbprint(publicKey, "sha256") };
}
type Keys = Awaited<ReturnType<typeof makeKeys>>;

async function register({ publicKey, sign, thumbprint }: Keys): Promise<DeviceId> {
  const nonce = await askNonce(call, "device");
  const signature = await sign(deviceStatement({ origin: services.config.origin, nonce }, thumbprint));
  const { body } = await call(registerDevice, { publicKey, nonce, signature, kind: "headless", cores: 2 });
  return body.deviceId as DeviceId;
}

type Person = { wallet: ReturnType<typeof makeWallet>; session: Credentials; id: AccountId };
async function person(name: string): Promise<Person> {
  const wallet = makeWallet(name);
  const { answer, credentials } = await signInWith(services, call, wallet);
  return { wallet, session: credentials, id: answer.body.id as AccountId };
}

/** Links as a page would; `change` is what an attacker does differently. */
async function link(
  keys: Keys,
  who: Person,
  change: { origin?: string; nonce?: string; address?: string; signer?: Person["wallet"]; by?: Keys } = {},
): Promise<Answer> {
  const nonce = change.nonce ?? (await askNonce(call, "link"));
  const statement = linkStatement(
    { origin: change.origin ?? services.config.origin, nonce },
    { thumbprint: keys.thumbprint, address: change.address ?? who.wallet.address },
  );
  const deviceSignature = await (change.by ?? keys).sign(statement);
  const walletSignature = await (change.signer ?? who.wallet).signMessage({ message: statement });
  return await call(linkDevice, { publicKey: keys.publicKey, nonce, deviceSignature, walletSignature }, who.session);
}

type PasskeyPerson = { id: AccountId; session: Credentials; signInAgain(): Promise<Credentials> };
/** Somebody whose account a passkey opens. */
async function passkeyPerson(): Promise<PasskeyPerson> {
  const passkey = new TestPasskey(services.config.origin);
  const { body } = await call(offerPasskey, { for: "account" });
  const made = await call(createPasskeyAccount, { credential: passkey.make(String(body.challenge)), name: "Laptop" });
  const cookieOf = ({ setCookie }: Answer): Credentials => ({ cookie: setCookie.split(";", 1)[0] ?? "", origin: services.config.origin });
  return {
    id: made.body.id as AccountId,
    session: cookieOf(made),
    signInAgain: async () => cookieOf(await call(signInWithPasskey, { credential: passkey.sign(await askNonce(call, "passkey")) })),
  };
}

const devicesOf = async ({ session }: Person) => (await call(listMyDevices, {}, session)).body.devices as Record<string, unknown>[];

async function earn(deviceId: DeviceId, replicas: number): Promise<void> {
  const owner = await makeAccount(services);
  const { jobId } = await makeJob(services, owner.accountId, { priceMicro: 1000n, feeBps: 500 });
  await transaction(services.db, (tx) =>
    settleReplicas(tx, { jobId, priceMicro: 1000n, feeBps: 500 }, [{ deviceId, agreed: "yes", isVested: true, count: replicas, durationMs: 10 }]),
  );
}

describe("linking", () => {
  test("an account has several devices, each with what it earned before and after", async () => {
    const ada = await person("link ada");
    const [one, two] = [await makeKeys(), await makeKeys()];
    const [first, second] = [await register(one), await register(two)];
    await earn(first, 3);
    expect((await link(one, ada)).body.device).toMatchObject({ id: first, earnedMicro: "3000", pendingMicro: "3000" });
    expect((await link(two, ada)).status).toBe(200);
    await earn(second, 2);
    expect((await devicesOf(ada)).map(({ id, earnedMicro }) => [id, earnedMicro]).sort()).toEqual(
      [
        [first, "3000"],
        [second, "2000"],
      ].sort(),
    );
    expect((await link(one, ada)).status).toBe(200);
  });

  test("a device of somebody else is not taken; once unlinked it is anybody's who has both keys", async () => {
    const [bob, cas] = [await person("link bob"), await person("link cas")];
    const keys = await makeKeys();
    const deviceId = await register(keys);
    await link(keys, bob);
    expect((await link(keys, cas)).error).toBe("conflict");
    expect((await call(unlinkDevice, { deviceId }, cas.session)).error).toBe("not_found");
    expect((await call(closeDevice, { deviceId }, cas.session)).error).toBe("not_found");
    expect((await call(unlinkDevice, { deviceId }, bob.session)).status).toBe(200);
    expect(await devicesOf(bob)).toEqual([]);
    expect((await link(keys, cas)).status).toBe(200);
  });

  test("every other signature is refused, and nothing is linked", async () => {
    const [dan, eve] = [await person("link dan"), await person("link eve")];
    const [keys, others] = [await makeKeys(), await makeKeys()];
    await register(keys);
    await register(others);
    const used = await askNonce(call, "link");
    await link(others, eve, { nonce: used });
    const refusals = [
      await link(keys, eve, { by: others }),
      await link(keys, eve, { signer: dan.wallet }),
      await link(keys, eve, { address: dan.wallet.address }),
      await link(keys, eve, { origin: "https://elsewhere.example" }),
      await link(keys, eve, { nonce: used }),
      await link(keys, eve, { nonce: await askNonce(call, "device") }),
      await link(keys, eve, { nonce: await askNonce(call, "sign-in") }),
    ];
    expect(refusals.map(({ error }) => error)).toEqual([...Array<string>(4).fill("signature_invalid"), ...Array<string>(3).fill("challenge_unknown")]);
    const [row] = await services.db<{ account: string | null }[]>`select account_id as account from devices where thumbprint = ${keys.thumbprint}`;
    expect(row?.account).toBeNull();
  });

  test("an account without a wallet links by the device's signature over its id, with a session of the last minutes, and by nothing else", async () => {
    const [hal, ivy] = [await passkeyPerson(), await passkeyPerson()];
    const keys = await makeKeys();
    const deviceId = await register(keys);
    const linkAs = async (who: PasskeyPerson, change: { address?: string; by?: Keys; walletSignature?: string } = {}) => {
      const nonce = await askNonce(call, "link");
      const statement = linkStatement({ origin: services.config.origin, nonce }, { thumbprint: keys.thumbprint, address: change.address ?? who.id });
      const { walletSignature } = change;
      const deviceSignature = await (change.by ?? keys).sign(statement);
      return await call(linkDevice, { publicKey: keys.publicKey, nonce, deviceSignature, ...(walletSignature ? { walletSignature } : {}) }, who.session);
    };
    // The device agreed to belong to somebody else, or it was another device that did.
    expect((await linkAs(hal, { address: ivy.id })).error).toBe("signature_invalid");
    expect((await linkAs(hal, { by: await makeKeys() })).error).toBe("signature_invalid");
    services.clock.advance(16 * 60_000);
    expect((await linkAs(hal)).error).toBe("session_old");
    hal.session = await hal.signInAgain();
    await earn(deviceId, 2);
    expect((await linkAs(hal)).body.device).toMatchObject({ id: deviceId, earnedMicro: "2000" });
    expect((await call(listMyDevices, {}, hal.session)).body.devices).toMatchObject([{ id: deviceId }]);
    expect((await linkAs({ ...ivy, session: await ivy.signInAgain() })).error).toBe("conflict");
    expect((await call(unlinkDevice, { deviceId }, hal.session)).status).toBe(200);
  });

  test("an account with a wallet never links without its signature, also not by its id", async () => {
    const jan = await person("link jan");
    const keys = await makeKeys();
    await register(keys);
    for (const address of [jan.wallet.address, jan.id]) {
      const nonce = await askNonce(call, "link");
      const statement = linkStatement({ origin: services.config.origin, nonce }, { thumbprint: keys.thumbprint, address });
      const answer = await call(linkDevice, { publicKey: keys.publicKey, nonce, deviceSignature: await keys.sign(statement) }, jan.session);
      expect(answer.error).toBe("signature_invalid");
    }
    expect(await devicesOf(jan)).toEqual([]);
  });

  test("a key that never registered is not found; an API key may not link", async () => {
    const fay = await person("link fay");
    expect((await link(await makeKeys(), fay)).error).toBe("not_found");
    const { body } = await call(createKey, { name: "k", scopes: ["jobs:read"] }, fay.session);
    const keys = await makeKeys();
    await register(keys);
    expect((await link(keys, { ...fay, session: { authorization: `Bearer ${String(body.secret)}` } })).error).toBe("forbidden");
  });

  test("a closed device keeps its earnings and its account, and gets no token", async () => {
    const gus = await person("link gus");
    const keys = await makeKeys();
    const deviceId = await register(keys);
    await earn(deviceId, 1);
    await link(keys, gus);
    const { body } = await call(closeDevice, { deviceId }, gus.session);
    expect(body.device).toMatchObject({ id: deviceId, earnedMicro: "1000", closedAt: services.clock.now().toISOString() });
    expect(await register(keys)).toBeUndefined();
    const [row] = await services.db<{ account: string }[]>`select account_id as account from devices where id = ${uuidOf(deviceId)}`;
    expect(row?.account.replaceAll("-", "")).toBe(uuidOf(gus.id));
  });
});
