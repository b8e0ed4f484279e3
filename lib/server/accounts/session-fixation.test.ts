import { afterAll, beforeAll, expect, test } from "vitest";
import { getMe, signIn, signOut } from "#lib/protocol/accounts/accounts.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { type Caller, openCaller } from "./testing/open-caller.ts";
import { askNonce, makeWallet, signInWith, writeMessage } from "./testing/test-wallet.ts";

/* An attacker brings a session of theirs, or one they invented, into somebody's browser before that person signs in, and waits for it to become theirs. */
let services: TestServices;
let call: Caller;
beforeAll(async () => {
  services = await openTestServices();
  call = openCaller(services);
});
afterAll(async () => await services.close());

const victim = makeWallet("victim");
const addressOf = async (credentials: Record<string, string>) => (await call(getMe, {}, credentials)).body.address;
const signInBearing = async (cookie: string) => {
  const message = writeMessage(services, { address: victim.address, nonce: await askNonce(call) });
  const answer = await call(signIn, { message, signature: await victim.signMessage({ message }) }, { cookie, origin: services.config.origin });
  return { answer, credentials: { cookie: answer.setCookie.split(";", 1)[0] ?? "" } };
};

test("a planted session never becomes the session of whoever signs in with it", async () => {
  const attacker = makeWallet("attacker");
  const { credentials: planted } = await signInWith(services, call, attacker);
  const { answer, credentials } = await signInBearing(planted.cookie ?? "");
  expect(answer.status).toBe(200);
  expect(credentials.cookie).not.toBe(planted.cookie);
  expect(await addressOf(credentials)).toBe(victim.address);
  expect(await addressOf(planted)).toBe(attacker.address);
});

test("an invented session is not taken over, and opens nothing afterwards", async () => {
  const invented = "shoal_session=known-to-the-attacker";
  const { credentials } = await signInBearing(invented);
  expect(credentials.cookie).not.toContain("known-to-the-attacker");
  expect((await call(getMe, {}, { cookie: invented })).error).toBe("unauthenticated");
  // Two cookies of one name, as after a cookie was set from a neighbouring host: the planted one makes nobody of the victim but the victim or nobody.
  for (const cookie of [`${invented}; ${credentials.cookie}`, `${credentials.cookie}; ${invented}`])
    expect([victim.address, undefined]).toContain(await addressOf({ cookie }));
});

test("every sign-in makes a session of its own, kept from scripts and from other sites, on this host alone", async () => {
  const cookies = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const { answer } = await signInWith(services, call, victim);
    cookies.add(answer.setCookie.split(";", 1)[0] ?? "");
    expect(answer.setCookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    expect(answer.setCookie).not.toMatch(/domain=/i);
  }
  expect(cookies.size).toBe(3);
});

test("signing out takes the cookie away, and signing out everywhere ends those that were planted elsewhere", async () => {
  const { credentials } = await signInWith(services, call, victim);
  const copy = { ...credentials };
  services.clock.advance(1000);
  const out = await call(signOut, { everywhere: true }, { ...credentials, origin: services.config.origin });
  expect(out.setCookie).toMatch(/^shoal_session=; .*Max-Age=0/);
  expect((await call(getMe, {}, copy)).error).toBe("unauthenticated");
});
