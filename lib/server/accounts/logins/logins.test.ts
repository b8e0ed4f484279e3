import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createKey, getCurrentKey, getMe, listKeys, revokeCurrentKey } from "#lib/protocol/accounts/accounts.ts";
import { claimLogin, createLogin, decideLogin, getLogin, LOGIN_CODE } from "#lib/protocol/logins/logins.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { deleteExpired } from "../../background/delete-expired.ts";
import { type Caller, type Credentials, openCaller } from "../testing/open-caller.ts";
import { makeWallet, signInWith } from "../testing/test-wallet.ts";

let services: TestServices;
let call: Caller;
let owner: Credentials;

beforeAll(async () => {
  services = await openTestServices();
  call = openCaller(services);
  owner = (await signInWith(services, call, makeWallet("ada"))).credentials;
});
afterAll(async () => await services.close());

type Begun = { code: string; secret: string; url: string };
const begin = async (): Promise<Begun> => (await call(createLogin, { client: "shoal on ada@laptop", scopes: ["jobs:read"], expiresInDays: 7 })).body as Begun;
const bearer = (secret: unknown): Credentials => ({ authorization: `Bearer ${secret}` });
const codes = async (answers: Promise<{ error: string | null }>[]) => (await Promise.all(answers)).map(({ error }) => error);

describe("a login", () => {
  test("shows a code, waits for the owner, who sees what is asked and where, and hands out one key", async () => {
    const { code, secret, url } = await begin();
    expect(code).toMatch(LOGIN_CODE);
    expect(url).toBe(`${services.config.origin}/device`);
    expect((await call(claimLogin, { secret })).error).toBe("login_pending");
    const asked = { client: "shoal on ada@laptop", origin: services.config.origin, scopes: ["jobs:read"], expiresInDays: 7 };
    expect((await call(getLogin, { code }, owner)).body).toMatchObject(asked);
    expect((await call(decideLogin, { code, decision: "allowed", spendDayMicro: "5000" }, owner)).body).toEqual({ decision: "allowed" });
    const claimed = await call(claimLogin, { secret });
    expect(claimed.body).toMatchObject({ secret: expect.stringMatching(/^shoal_/), scopes: ["jobs:read"] });
    const { key } = (await call(getCurrentKey, {}, bearer(claimed.body.secret))).body as { key: Record<string, unknown> };
    expect(key).toMatchObject({ name: "shoal on ada@laptop", scopes: ["jobs:read"], spend: { dayLimitMicro: "5000", totalLimitMicro: null, dayMicro: "0" } });
    expect((await call(revokeCurrentKey, {}, bearer(claimed.body.secret))).body).toEqual({ revoked: true });
    expect((await call(getMe, {}, bearer(claimed.body.secret))).error).toBe("unauthenticated");
  });

  test("that was denied gives nothing, now or later", async () => {
    const { code, secret } = await begin();
    await call(decideLogin, { code, decision: "denied" }, owner);
    for (let i = 0; i < 2; i++) expect((await call(claimLogin, { secret })).error).toBe("login_denied");
    expect((await call(decideLogin, { code, decision: "allowed" }, owner)).error).toBe("login_unknown");
  });

  test("asks for no scope of an operator, and keeps neither code nor secret", async () => {
    expect((await call(createLogin, { client: "x", scopes: ["devices:manage"] })).status).toBe(400);
    expect((await call(createLogin, { client: "x\u202e", scopes: ["jobs:read"] })).status).toBe(400);
    const { code, secret } = await begin();
    const rows = JSON.stringify(await services.db`select * from logins`, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    for (const kept of [code, secret]) expect(rows).not.toContain(kept);
  });
});

describe("attacks", () => {
  test("replay: of many claims at once one gets the key, and the account has one more", async () => {
    const keysBefore = ((await call(listKeys, {}, owner)).body as { keys: unknown[] }).keys.length;
    const { code, secret } = await begin();
    await call(decideLogin, { code, decision: "allowed" }, owner);
    const answers = await codes(Array.from({ length: 8 }, () => call(claimLogin, { secret })));
    expect(answers.filter((error) => error === null)).toHaveLength(1);
    expect(answers.filter((error) => error === "login_unknown")).toHaveLength(7);
    expect(((await call(listKeys, {}, owner)).body as { keys: unknown[] }).keys).toHaveLength(keysBefore + 1);
  });

  test("two decisions at once: one holds, and a second owner cannot take an allowed login over", async () => {
    const { code } = await begin();
    const mallory = (await signInWith(services, call, makeWallet("mallory"))).credentials;
    const answers = await codes([owner, mallory, owner, mallory].map((who) => call(decideLogin, { code, decision: "allowed" }, who)));
    expect(answers.filter((error) => error === null)).toHaveLength(1);
  });

  test("expiry: after ten minutes neither owner nor terminal gets further, also when it was allowed before", async () => {
    const late = await begin();
    const allowed = await begin();
    await call(decideLogin, { code: allowed.code, decision: "allowed" }, owner);
    services.clock.advance(10 * 60_000);
    expect((await call(claimLogin, { secret: allowed.secret })).error).toBe("login_unknown");
    expect((await call(decideLogin, { code: late.code, decision: "allowed" }, owner)).error).toBe("login_unknown");
    await deleteExpired(services);
    expect(await services.db`select 1 from logins`).toHaveLength(0);
  });

  test("guessing: an account that missed ten codes waits ten minutes, also with a right one", async () => {
    const guesser = (await signInWith(services, call, makeWallet("guesser"))).credentials;
    const { code } = await begin();
    for (let i = 0; i < 10; i++) expect((await call(getLogin, { code: "BBBB-BBBB" }, guesser)).error).toBe("login_unknown");
    expect((await call(getLogin, { code }, guesser)).error).toBe("rate_limited");
    expect((await call(decideLogin, { code, decision: "allowed" }, guesser)).error).toBe("rate_limited");
    services.clock.advance(10 * 60_000 + 1);
    const fresh = await begin();
    expect((await call(getLogin, { code: fresh.code }, guesser)).status).toBe(200);
  });

  test("a secret that was guessed is unknown, and a code is no secret", async () => {
    const { code } = await begin();
    expect(await codes([call(claimLogin, { secret: "A".repeat(43) }), call(claimLogin, { secret: code })])).toEqual(["login_unknown", "login_unknown"]);
  });

  test("phishing origin: another site's page cannot decide with the owner's cookie, and nobody but a session can", async () => {
    const { code } = await begin();
    expect((await call(decideLogin, { code, decision: "allowed" }, { ...owner, origin: "https://evil.example" })).error).toBe("wrong_origin");
    expect((await call(getLogin, { code })).error).toBe("unauthenticated");
    const made = (await call(createKey, { name: "k", scopes: ["jobs:write"] }, owner)).body as { secret: string };
    expect(await codes([call(getLogin, { code }, bearer(made.secret)), call(decideLogin, { code, decision: "allowed" }, bearer(made.secret))])).toEqual([
      "forbidden",
      "forbidden",
    ]);
  });
});
