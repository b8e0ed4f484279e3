import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createSiweMessage } from "viem/siwe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import { createChallenge, createKey, deleteMe, exportMe, getMe } from "#lib/protocol/accounts/accounts.ts";
import { addPasskey, addWallet, createPasskeyAccount, listPasskeys, offerPasskey, removePasskey, signInWithPasskey } from "#lib/protocol/accounts/passkeys.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows } from "#lib/testing/submission.ts";
import { type Answer, type Caller, type Credentials, openCaller } from "../testing/open-caller.ts";
import { type Lie, TestPasskey } from "../testing/test-passkey.ts";
import { makeWallet, signInWith } from "../testing/test-wallet.ts";

const ORIGIN = "https://shoal.example";
const operator = makeWallet("operator with a passkey");
let services: TestServices;
let call: Caller;

beforeAll(async () => {
  services = await openTestServices({ operatorAddresses: [operator.address] });
  services.config = { ...services.config, origin: ORIGIN };
  call = openCaller(services);
});
afterAll(async () => await services.close());

const cookieOf = ({ setCookie }: Answer): Credentials => ({ cookie: setCookie.split(";", 1)[0] ?? "", origin: ORIGIN });
const offer = async (use: "account" | "add", session: Credentials = {}) => String((await call(offerPasskey, { for: use }, session)).body.challenge);
const ask = async (purpose: "passkey" | "sign-in" | "wallet" = "passkey") => String((await call(createChallenge, { purpose })).body.nonce);
const enter = async (passkey: TestPasskey, lie: Lie = {}) => await call(signInWithPasskey, { credential: passkey.sign(await ask(), lie) });
const add = async (session: Credentials, passkey = new TestPasskey(ORIGIN)) =>
  await call(addPasskey, { credential: passkey.make(await offer("add", session)), name: "Second" }, session);

/** Somebody whose account a passkey opens. */
async function join(): Promise<{ id: AccountId; passkey: TestPasskey; session: Credentials }> {
  const passkey = new TestPasskey(ORIGIN);
  const made = await call(createPasskeyAccount, { credential: passkey.make(await offer("account")), name: "Laptop" });
  expect([made.status, made.problem]).toEqual([200, ""]);
  return { id: made.body.id as AccountId, passkey, session: cookieOf(made) };
}

describe("an account without a wallet", () => {
  test("is made by a passkey, has demo money and no address, and is the same at each sign-in", async () => {
    const { id, passkey, session } = await join();
    const me = await call(getMe, {}, session);
    expect(me.body).toMatchObject({ id, address: null, roles: [], balance: { availableMicro: "1000000000" } });
    const again = await enter(passkey, { isBackedUp: true });
    expect(again.body).toEqual(me.body);
    const { body } = await call(listPasskeys, {}, cookieOf(again));
    expect(body.passkeys).toEqual([expect.objectContaining({ name: "Laptop", isBackedUp: true, lastUsedAt: services.clock.now().toISOString() })]);
  });

  test("opens with each of its passkeys, and never loses the last way in, also when two are removed at once", async () => {
    const { id, session } = await join();
    const second = new TestPasskey(ORIGIN);
    expect((await add(session, second)).body).toMatchObject({ passkey: { name: "Second" } });
    expect((await enter(second)).body).toMatchObject({ id });
    const { passkeys } = (await call(listPasskeys, {}, session)).body as { passkeys: { id: string }[] };
    const removals = await Promise.all(passkeys.map(({ id: passkeyId }) => call(removePasskey, { passkeyId }, session)));
    expect(removals.map(({ error }) => error).sort()).toEqual(["conflict", null]);
    expect(((await call(listPasskeys, {}, session)).body.passkeys as unknown[]).length).toBe(1);
  });

  test("offers no passkey that it has already, and takes none twice", async () => {
    const { passkey, session } = await join();
    const offered = await call(offerPasskey, { for: "add" }, session);
    expect(offered.body.excluded).toEqual([{ id: passkey.id, transports: ["internal"] }]);
    expect((await add(session, passkey)).error).toBe("conflict");
    const twice = await call(createPasskeyAccount, { credential: passkey.make(await offer("account")), name: "Again" });
    expect(twice.error).toBe("conflict");
  });

  test("is exported with its passkeys, without keys, and deleted with them", async () => {
    const { id, passkey, session } = await join();
    const exported = await call(exportMe, {}, session);
    expect(exported.body).toMatchObject({ account: { id, address: null }, passkeys: [{ name: "Laptop" }] });
    expect(JSON.stringify(exported.body)).not.toContain(passkey.id);
    expect((await call(deleteMe, {}, session)).status).toBe(200);
    expect((await enter(passkey)).error).toBe("passkey_unknown");
    expect(await services.db`select 1 from passkeys where account_id = ${uuidOf(id)}`).toHaveLength(0);
  });
});

describe("nobody gets in, and nothing is kept, with", () => {
  const refused: [string, Lie][] = [
    ["a passkey of another site", { rpId: "evil.example" }],
    ["an answer from another origin", { origin: "https://evil.example" }],
    ["an answer from the same host on another port", { origin: `${ORIGIN}:8443` }],
    ["an answer of the other kind", { type: "payment.get" }],
    ["a key that did not recognise its person", { isVerified: false }],
  ];
  test.each(refused)("%s", async (_, lie) => {
    const { passkey, session } = await join();
    const before = await countRows(services.db);
    expect((await enter(passkey, lie)).error).toBe("signature_invalid");
    const fresh = new TestPasskey(ORIGIN);
    expect((await call(createPasskeyAccount, { credential: fresh.make(await offer("account"), lie), name: "x" })).error).toBe("signature_invalid");
    expect((await call(addPasskey, { credential: fresh.make(await offer("add", session), lie), name: "x" }, session)).error).toBe("signature_invalid");
    expect(await countRows(services.db)).toEqual(before);
  });

  test("a challenge that was used, has expired, was for something else, or for another account", async () => {
    const [ada, bob] = [await join(), await join()];
    const credential = ada.passkey.sign(await ask());
    expect((await call(signInWithPasskey, { credential })).status).toBe(200);
    expect((await call(signInWithPasskey, { credential })).error).toBe("challenge_unknown");
    expect((await call(signInWithPasskey, { credential: ada.passkey.sign(await ask("sign-in")) })).error).toBe("challenge_unknown");
    expect((await call(signInWithPasskey, { credential: ada.passkey.sign(await offer("account")) })).error).toBe("challenge_unknown");
    expect((await call(signInWithPasskey, { credential: ada.passkey.sign("0".repeat(48)) })).error).toBe("challenge_unknown");

    const made = new TestPasskey(ORIGIN).make(await offer("add", ada.session));
    expect((await call(addPasskey, { credential: made, name: "x" }, bob.session)).error).toBe("challenge_unknown");
    expect((await call(addPasskey, { credential: made, name: "x" }, ada.session)).error).toBe("challenge_unknown");

    const late = await ask();
    services.clock.advance(5 * 60_000);
    expect((await call(signInWithPasskey, { credential: ada.passkey.sign(late) })).error).toBe("challenge_unknown");
  });

  test("the credential of another account, or a key that nobody registered", async () => {
    const [ada, mallory] = [await join(), await join()];
    const forged = { ...mallory.passkey.sign(await ask()), id: ada.passkey.id };
    expect((await call(signInWithPasskey, { credential: forged })).error).toBe("signature_invalid");
    expect((await enter(new TestPasskey(ORIGIN))).error).toBe("passkey_unknown");
    const { passkeys } = (await call(listPasskeys, {}, ada.session)).body as { passkeys: { id: string }[] };
    expect((await call(removePasskey, { passkeyId: passkeys[0]?.id ?? "" }, mallory.session)).error).toBe("not_found");
  });

  test("a copy of a key that lags behind the one it was copied from", async () => {
    const { passkey } = await join();
    expect((await enter(passkey, { counter: 7 })).status).toBe(200);
    expect((await enter(passkey, { counter: 7 })).error).toBe("signature_invalid");
    expect((await enter(passkey, { counter: 3 })).error).toBe("signature_invalid");
    expect((await enter(passkey, { counter: 8 })).status).toBe(200);
  });

  test("an attestation with certificates, whose revocation lists the server is not made to fetch", async () => {
    const asked: string[] = [];
    const server = createServer(({ url = "" }, response) => {
      asked.push(url);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const point = `http://127.0.0.1:${(server.address() as AddressInfo).port}/revoked.crl`;
    for (const format of ["packed", "fido-u2f", "tpm", "android-key", "apple", "android-safetynet"]) {
      const credential = new TestPasskey(ORIGIN).make(await offer("account"), { format, x5c: [Buffer.from(point)] });
      const { error, problem } = await call(createPasskeyAccount, { credential, name: "x" });
      expect([error, problem], format).toEqual(["signature_invalid", expect.stringContaining("takes none")]);
    }
    await new Promise((resolve) => server.close(resolve));
    expect(asked).toEqual([]);
  });
});

describe("who may change how one gets in", () => {
  test("a session of a moment ago, neither an old one nor a key", async () => {
    const { passkey, session } = await join();
    const { secret } = (await call(createKey, { name: "k", scopes: ["jobs:read"] }, session)).body as { secret: string };
    const authorization = `Bearer ${secret}`;
    expect((await call(listPasskeys, {}, { authorization })).error).toBe("forbidden");
    expect((await call(offerPasskey, { for: "add" }, { authorization })).error).toBe("forbidden");
    expect((await call(offerPasskey, { for: "add" })).error).toBe("unauthenticated");
    const { passkeys } = (await call(listPasskeys, {}, session)).body as { passkeys: { id: string }[] };
    services.clock.advance(15 * 60_000 + 1);
    expect((await call(offerPasskey, { for: "add" }, session)).error).toBe("session_old");
    expect((await call(removePasskey, { passkeyId: passkeys[0]?.id ?? "" }, session)).error).toBe("session_old");
    expect((await call(getMe, {}, session)).status).toBe(200);
    expect((await add(cookieOf(await enter(passkey)))).status).toBe(200);
  });
});

describe("a wallet for an account that a passkey opened", () => {
  const wallet = makeWallet("comes later");
  const message = async (account: string, fields: { nonce?: string; address?: `0x${string}` } = {}) =>
    createSiweMessage({
      domain: new URL(ORIGIN).host,
      uri: ORIGIN,
      version: "1",
      chainId: services.config.chain.id,
      issuedAt: services.clock.now(),
      address: fields.address ?? wallet.address,
      nonce: fields.nonce ?? (await ask("wallet")),
      requestId: account,
    });
  const link = async (session: Credentials, text: string, signer = wallet) =>
    await call(addWallet, { message: text, signature: await signer.signMessage({ message: text }) }, session);

  test("is added once, signs in to the same account, and makes an operator of one whom the settings name", async () => {
    const { id, session } = await join();
    expect((await link(session, await message(id))).body).toMatchObject({ id, address: wallet.address });
    expect((await signInWith(services, call, wallet)).answer.body).toMatchObject({ id, balance: { availableMicro: "1000000000" } });
    const other = makeWallet("a second one");
    expect((await link(session, await message(id, { address: other.address }), other)).error).toBe("conflict");
    const second = await join();
    const made = await link(second.session, await message(second.id, { address: operator.address }), operator);
    expect(made.body).toMatchObject({ id: second.id, roles: ["operator"] });
  });

  test("lets its passkeys be removed, all of them", async () => {
    const signer = makeWallet("enough by itself");
    const { id, session } = await join();
    await link(session, await message(id, { address: signer.address }), signer);
    const { passkeys } = (await call(listPasskeys, {}, session)).body as { passkeys: { id: string }[] };
    expect((await call(removePasskey, { passkeyId: passkeys[0]?.id ?? "" }, session)).status).toBe(200);
  });

  test("is not taken from whoever has an account with it, nor by a message for signing in, for another account, or signed by another", async () => {
    const taken = makeWallet("has an account");
    const { credentials } = await signInWith(services, call, taken);
    const { id, session } = await join();
    expect((await link(session, await message(id, { address: taken.address }), taken)).error).toBe("conflict");
    const free = makeWallet("free");
    const of = (fields: Parameters<typeof message>[1] = {}) => ({ address: free.address, ...fields });
    expect((await link(session, await message(id, of({ nonce: await ask("sign-in") })), free)).error).toBe("challenge_unknown");
    expect((await link(session, await message("acc_other", of()), free)).error).toBe("signature_invalid");
    expect((await link(session, await message(id, of()), makeWallet("mallory"))).error).toBe("signature_invalid");
    expect((await call(getMe, {}, session)).body).toMatchObject({ address: null });
    // The other way round, the owner of a wallet adds a passkey.
    const passkey = new TestPasskey(ORIGIN);
    expect((await add({ ...credentials, origin: ORIGIN }, passkey)).status).toBe(200);
    expect((await enter(passkey)).body).toMatchObject({ address: taken.address });
  });
});
