import type { SiweMessage } from "viem/siwe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createChallenge, getMe, signIn, signOut } from "#lib/protocol/accounts/accounts.ts";
import type { Config } from "#lib/server/config/config.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows } from "#lib/testing/submission.ts";
import { type Caller, openCaller } from "./testing/open-caller.ts";
import { askNonce, makeWallet, signInWith, writeMessage } from "./testing/test-wallet.ts";

const operator = makeWallet("operator");
let services: TestServices;
let call: Caller;

beforeAll(async () => {
  services = await openTestServices({ operatorAddresses: [operator.address.toLowerCase()] });
  call = openCaller(services);
});
afterAll(async () => await services.close());

/** The same instance under other settings. */
const withSettings = (settings: Partial<Config>): { other: TestServices; ask: Caller } => {
  const other = { ...services, config: { ...services.config, ...settings } };
  return { other, ask: openCaller(other) };
};

/** Signs in with a message that differs from a good one in these fields; the nonce is a good one unless given. */
const attempt = async (fields: Partial<SiweMessage>, signer = makeWallet("mallory")) => {
  const message = writeMessage(services, { address: signer.address, nonce: fields.nonce ?? (await askNonce(call)), ...fields });
  return await call(signIn, { message, signature: await signer.signMessage({ message }) });
};

describe("a wallet that signs in", () => {
  test("gets an account with demo money the first time, and the same account without more money the second", async () => {
    const wallet = makeWallet("ada");
    const { answer: first } = await signInWith(services, call, wallet);
    const { answer: second } = await signInWith(services, call, wallet);
    expect(first.body).toMatchObject({ address: wallet.address, roles: [], balance: { availableMicro: "1000000000", escrowMicro: "0", asset: "DEMO" } });
    expect(second.body).toEqual(first.body);
  });

  test("gets one account when it signs in many times at once", async () => {
    const wallet = makeWallet("hurried");
    const answers = await Promise.all(Array.from({ length: 6 }, () => signInWith(services, call, wallet)));
    expect(new Set(answers.map(({ answer }) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers[0]?.answer.body).toMatchObject({ balance: { availableMicro: "1000000000" } });
  });

  test("gets no money where the instance is not a demo", async () => {
    const { other, ask } = withSettings({ demo: false });
    const { answer } = await signInWith(other, ask, makeWallet("serious"));
    expect(answer.body).toMatchObject({ balance: { availableMicro: "0" } });
  });

  test("is an operator if the settings name its address, in any case of letters, also when the account is older than the setting", async () => {
    expect((await signInWith(services, call, operator)).answer.body).toMatchObject({ roles: ["operator"] });
    const late = makeWallet("late operator");
    expect((await signInWith(services, call, late)).answer.body).toMatchObject({ roles: [] });
    const { other, ask } = withSettings({ operatorAddresses: [late.address.toUpperCase().replace("0X", "0x")] });
    const { credentials } = await signInWith(other, ask, late);
    expect((await ask(getMe, {}, credentials)).body).toMatchObject({ roles: ["operator"] });
  });

  test("gets a cookie that scripts cannot read, that other sites cannot use for writes, and that needs https where the instance has it", async () => {
    const plain = await signInWith(services, call, makeWallet("ada"));
    expect(plain.answer.setCookie).toMatch(/^shoal_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=1209600$/);
    const { other, ask } = withSettings({ origin: "https://shoal.example" });
    const secure = await signInWith(other, ask, makeWallet("ada"));
    expect(secure.answer.setCookie).toMatch(/; Secure$/);
  });
});

describe("a message that does not open a session", () => {
  const hour = 3600_000;
  const at = (offsetMs: number) => new Date(services.clock.now().getTime() + offsetMs);

  test.each<[string, () => Partial<SiweMessage>, RegExp]>([
    ["another site", () => ({ domain: "evil.example" }), /another site than 127\.0\.0\.1:3999/],
    ["a site that only begins alike", () => ({ domain: "127.0.0.1:39999" }), /another site/],
    ["another port", () => ({ domain: "127.0.0.1" }), /another site/],
    ["another scheme", () => ({ scheme: "https" }), /not for http:/],
    ["a URI elsewhere", () => ({ uri: "https://evil.example/sign-in" }), /URI/],
    ["another chain", () => ({ chainId: 10 }), /another chain than 1/],
    ["a time that is over", () => ({ expirationTime: at(-1000) }), /expired/],
    ["this very moment", () => ({ expirationTime: at(0) }), /expired/],
    ["a time to come", () => ({ notBefore: at(hour) }), /not valid yet/],
  ])("is one for %s", async (_, fields, problem) => {
    const before = await countRows(services.db);
    const answer = await attempt(fields());
    expect([answer.status, answer.error]).toEqual([401, "signature_invalid"]);
    expect(answer.problem).toMatch(problem);
    expect(answer.setCookie).toBe("");
    // Only the nonce that was asked for is new.
    expect(await countRows(services.db)).toEqual({ ...before, challenges: Number(before.challenges) + 1 });
  });

  test("is one that another key signed, and its nonce is used up", async () => {
    const nonce = await askNonce(call);
    const victim = makeWallet("ada");
    const message = writeMessage(services, { address: victim.address, nonce });
    const forged = await call(signIn, { message, signature: await makeWallet("mallory").signMessage({ message }) });
    expect([forged.status, forged.error]).toEqual([401, "signature_invalid"]);
    const honest = await call(signIn, { message, signature: await victim.signMessage({ message }) });
    expect([honest.status, honest.error]).toEqual([400, "challenge_unknown"]);
  });

  test("is one that was changed after it was signed", async () => {
    const wallet = makeWallet("ada");
    const message = writeMessage(services, { address: wallet.address, nonce: await askNonce(call) });
    const signature = await wallet.signMessage({ message });
    expect((await call(signIn, { message: message.replace("Sign in", "Sign off"), signature })).error).toBe("signature_invalid");
  });

  test("is a good one presented again", async () => {
    const wallet = makeWallet("ada");
    const message = writeMessage(services, { address: wallet.address, nonce: await askNonce(call) });
    const signature = await wallet.signMessage({ message });
    const answers = await Promise.all(Array.from({ length: 5 }, () => call(signIn, { message, signature })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
    expect((await call(signIn, { message, signature })).error).toBe("challenge_unknown");
  });

  test("is one with a nonce of its own, of a device, or older than five minutes", async () => {
    expect((await attempt({ nonce: "0123456789abcdef" })).error).toBe("challenge_unknown");
    expect((await attempt({ nonce: await askNonce(call, "device") })).error).toBe("challenge_unknown");
    const nonce = await askNonce(call);
    services.clock.advance(5 * 60_000);
    expect((await attempt({ nonce })).error).toBe("challenge_unknown");
  });

  test.each([
    ["no message at all", () => "sign me in"],
    ["version 2", (good: string) => good.replace("Version: 1", "Version: 2")],
    ["no issue date", (good: string) => good.replace(/\nIssued At: .*/, "")],
    ["a date nobody can read", (good: string) => good.replace(/Issued At: .*/, "Issued At: yesterday")],
  ])("is text with %s", async (_, change) => {
    const wallet = makeWallet("ada");
    const message = change(writeMessage(services, { address: wallet.address, nonce: await askNonce(call) }));
    const answer = await call(signIn, { message, signature: await wallet.signMessage({ message }) });
    expect([answer.status, answer.error]).toEqual([400, "bad_request"]);
    expect(answer.problem).toContain("message");
  });

  test.each(["0x00", `0x${"ff".repeat(65)}`, `0x${"00".repeat(5000)}`])("comes with a signature that is none: %.20s", async (signature) => {
    const message = writeMessage(services, { address: makeWallet("ada").address, nonce: await askNonce(call) });
    expect((await call(signIn, { message, signature })).error).toBe("signature_invalid");
  });
});

describe("a session", () => {
  test("shows its account, and ends in this browser when it signs out", async () => {
    const wallet = makeWallet("session");
    const { credentials } = await signInWith(services, call, wallet);
    expect((await call(getMe, {}, credentials)).body).toMatchObject({ address: wallet.address });
    const out = await call(signOut, {}, credentials);
    expect(out.body).toEqual({ signedOut: true });
    expect(out.setCookie).toMatch(/^shoal_session=; .*Max-Age=0/);
  });

  test("from before a sign-out everywhere is void, one from after it holds, also at the same moment", async () => {
    const wallet = makeWallet("everywhere");
    const stolen = await signInWith(services, call, wallet);
    const mine = await signInWith(services, call, wallet);
    expect((await call(signOut, { everywhere: true }, mine.credentials)).status).toBe(200);
    for (const { credentials } of [stolen, mine]) expect((await call(getMe, {}, credentials)).error).toBe("unauthenticated");
    const next = await signInWith(services, call, wallet);
    expect((await call(getMe, {}, next.credentials)).status).toBe(200);
    expect((await call(getMe, {}, stolen.credentials)).error).toBe("unauthenticated");
  });

  test("lasts 14 days", async () => {
    const { credentials } = await signInWith(services, call, makeWallet("fortnight"));
    services.clock.advance(14 * 86_400_000 - 1);
    expect((await call(getMe, {}, credentials)).status).toBe(200);
    services.clock.advance(1);
    expect((await call(getMe, {}, credentials)).error).toBe("unauthenticated");
  });

  test("that has run out does not keep its owner from signing in again", async () => {
    const { credentials } = await signInWith(services, call, makeWallet("stale"));
    services.clock.advance(15 * 86_400_000);
    expect((await call(createChallenge, { purpose: "sign-in" }, { ...credentials, origin: services.config.origin })).status).toBe(200);
  });

  test("cannot be used for writes by another site", async () => {
    const { credentials } = await signInWith(services, call, makeWallet("ada"));
    expect((await call(signOut, { everywhere: true }, { ...credentials, origin: "https://evil.example" })).error).toBe("wrong_origin");
    expect((await call(getMe, {}, credentials)).status).toBe(200);
  });

  test("of another instance, a changed one, or made-up text is none", async () => {
    const { other, ask } = withSettings({ sessionSecret: "another secret of at least 32 characters" });
    const { credentials } = await signInWith(other, ask, makeWallet("ada"));
    const { credentials: good } = await signInWith(services, call, makeWallet("ada"));
    const cookies = [
      credentials.cookie,
      good.cookie?.replace(/..~2$/, "AA~2"),
      "shoal_session=",
      "shoal_session=admin",
      "shoal_session=Fe26.2*1*2*3*4*5*6*7~2",
    ];
    for (const cookie of cookies) expect((await call(getMe, {}, { cookie: String(cookie) })).error, cookie).toBe("unauthenticated");
  });

  test("is found among other cookies, and not in one whose name ends alike", async () => {
    const { credentials } = await signInWith(services, call, makeWallet("ada"));
    expect((await call(getMe, {}, { cookie: `theme=dark; ${credentials.cookie}; other=1` })).status).toBe(200);
    expect((await call(getMe, {}, { cookie: `x${credentials.cookie}` })).error).toBe("unauthenticated");
  });
});
