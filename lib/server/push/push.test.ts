import { createHash } from "node:crypto";
import { decodeProtectedHeader, importJWK, jwtVerify } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import { PUSH_ATTEMPTS_MAX } from "#lib/domain/push/push-attempts.ts";
import { subscribePush as subscribeEndpoint } from "#lib/protocol/push/push.ts";
import { makeAccount, makeJob, type WalletOwner } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { deleteMe } from "../accounts/data/delete-me.ts";
import { exportMe } from "../accounts/data/export-me.ts";
import { signOut } from "../accounts/sign-out.ts";
import { transaction } from "../db/transaction.ts";
import { endJob, endJobWithin } from "../jobs/end-job.ts";
import { setMember } from "../jobs/members/job-members.ts";
import { readNotices, setNoticeSetting } from "../notices/feed.ts";
import { isPublicAddress } from "./post-push.ts";
import { pushDue } from "./push-due.ts";
import { getPushKeys } from "./push-keys.ts";
import { noteAttempt } from "./push-store.ts";
import { getPush, subscribePush, unsubscribePush } from "./subscriptions.ts";
import { startPushService } from "./testing/start-push-service.ts";
import { makeTestBrowser } from "./testing/test-browser.ts";

const CONTACT = "mailto:operator@shoal.example";
let services: TestServices;
let service: Awaited<ReturnType<typeof startPushService>>;
beforeAll(async () => {
  service = await startPushService();
  services = await openTestServices({ push: { hosts: [service.host, `localhost:${service.port}`], contact: CONTACT } });
});
afterAll(async () => {
  await services.close();
  await service.close();
});
beforeEach(async () => {
  await services.db`delete from push_subscriptions`;
  service.received.length = 0;
  service.replies.length = 0;
});

const person = async () => (await makeAccount(services)).ctx;
let browsers = 0;
/** Subscribes a new browser of somebody. */
async function subscribe(ctx: WalletOwner, change: { endpoint?: string; keys?: { p256dh: string; auth: string } } = {}) {
  const browser = makeTestBrowser();
  browsers += 1;
  const given = { endpoint: `${service.origin}/push/${browsers}`, keys: browser.keys, language: "de", ...change };
  const { sha256 } = await subscribePush(ctx, subscribeEndpoint.input.parse(given));
  return { ...browser, ...given, sha256 };
}
async function finish(ctx: WalletOwner) {
  const { jobId } = await makeJob(services, ctx.principal.accountId);
  await endJob(services, { jobId, state: "final" });
  return jobId;
}
const waiting = async () =>
  (await services.db<{ attempts: number; next_at: Date }[]>`select attempts, next_at from push_deliveries order by next_at`).map((row) => row);
const subscribed = async (ctx: WalletOwner) => (await getPush(ctx, {})).browsers.map(({ sha256 }) => sha256);

describe("a message", () => {
  test("reaches the browser by its service, encrypted for it alone and signed by the instance", async () => {
    const owner = await person();
    const browser = await subscribe(owner);
    const jobId = await finish(owner);
    expect(await pushDue(services)).toBe(1);
    const [got] = service.received;
    if (!got) throw new Error("nothing came");
    expect([got.method, got.path]).toEqual(["POST", new URL(browser.endpoint).pathname]);
    expect(got.headers).toMatchObject({ "content-encoding": "aes128gcm", ttl: "86400", urgency: "normal" });
    expect(got.body.toString("latin1")).not.toContain("Counting");
    const message = JSON.parse(browser.decrypt(got.body));
    expect(message).toEqual({
      version: 1,
      tag: got.headers.topic,
      language: "de",
      kind: "done",
      job: { id: jobId, name: "Counting" },
      reason: null,
      params: {},
    });
    expect(() => makeTestBrowser().decrypt(got.body)).toThrow();

    const { publicKey } = await getPush(owner, {});
    const [, token = "", key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(got.headers.authorization ?? "") ?? [];
    const point = Buffer.from(publicKey ?? "", "base64url");
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url"));
    const { payload } = await jwtVerify(token, await importJWK({ kty: "EC", crv: "P-256", x, y } as never, "ES256"), { audience: service.origin });
    expect([key, decodeProtectedHeader(token).alg, payload.sub]).toEqual([publicKey, "ES256", CONTACT]);
    expect(await waiting()).toEqual([]);
    expect((await getPush(owner, {})).browsers).toMatchObject([{ service: service.host, lastSentAt: services.clock.now().toISOString() }]);
    expect(await pushDue(services)).toBe(0);
  });

  test("is written with what it tells, goes to every browser of whoever is told, and to nobody else", async () => {
    const [owner, manager, stranger] = [await person(), await person(), await person()];
    const mine = [await subscribe(owner), await subscribe(owner)];
    await subscribe(stranger);
    const managers = await subscribe(manager);
    const { jobId } = await makeJob(services, owner.principal.accountId);
    await setMember(owner, { jobId, address: manager.principal.address, role: "manage" });
    const failing = transaction(services.db, async (tx) => {
      await endJobWithin(tx, { jobId, state: "final", at: services.clock.now() });
      throw new Error("the process ends here");
    });
    await expect(failing).rejects.toThrow();
    expect(await pushDue(services)).toBe(0);

    await setNoticeSetting(manager, { topic: "shared", feed: true, push: true });
    await endJob(services, { jobId, state: "final" });
    expect(await pushDue(services)).toBe(3);
    expect(service.received.map(({ path }) => path).sort()).toEqual([...mine, managers].map(({ endpoint }) => new URL(endpoint).pathname).sort());
  });

  test("about a job that others shared is not pushed unless that was asked for, nor what is switched off or was read", async () => {
    const [owner, victim] = [await person(), await person()];
    await subscribe(victim);
    await subscribe(owner);
    const { jobId } = await makeJob(services, owner.principal.accountId);
    await setMember(owner, { jobId, address: victim.principal.address, role: "view" });
    await setNoticeSetting(owner, { topic: "done", feed: true, push: false });
    await endJob(services, { jobId, state: "final" });
    expect(await waiting()).toEqual([]);
    await setNoticeSetting(owner, { topic: "done", feed: true, push: true });
    await finish(owner);
    await readNotices(owner, { upTo: Number.MAX_SAFE_INTEGER });
    expect([await pushDue(services), service.received.length, await waiting()]).toEqual([0, 0, []]);
  });
});

describe("a service that does not take it", () => {
  test.each([404, 410])("has ended the subscription with %i: it is forgotten with all that was to be pushed", async (status) => {
    const owner = await person();
    await subscribe(owner);
    await finish(owner);
    await finish(owner);
    service.replies.push({ status }, { status });
    await pushDue(services);
    expect([await subscribed(owner), await waiting()]).toEqual([[], []]);
  });

  test.each([{ status: 503 }, { status: 429 }, "hang up" as const])("is tried again, ever later: %j", async (reply) => {
    const owner = await person();
    await subscribe(owner);
    await finish(owner);
    for (const [again, ms] of [30_000, 120_000, 480_000].entries()) {
      service.replies.push(reply);
      expect(await pushDue(services)).toBe(0);
      expect([service.received.length, (await waiting())[0]?.attempts]).toEqual([again + 1, again + 1]);
      services.clock.advance(ms - 1);
      expect([await pushDue(services), service.received.length]).toEqual([0, again + 1]);
      services.clock.advance(1);
    }
    expect([await pushDue(services), await waiting()]).toEqual([1, []]);
  });

  test("is left alone for as long as it asks", async () => {
    const owner = await person();
    await subscribe(owner);
    await finish(owner);
    service.replies.push({ status: 429, headers: { "retry-after": "3600" } });
    await pushDue(services);
    services.clock.advance(3_599_000);
    expect(await pushDue(services)).toBe(0);
    services.clock.advance(1000);
    expect(await pushDue(services)).toBe(1);
  });

  test("is given up after the last attempt, and a message that it refuses is not sent again", async () => {
    const owner = await person();
    const { sha256 } = await subscribe(owner);
    await finish(owner);
    for (let i = 0; i < PUSH_ATTEMPTS_MAX + 2; i++) {
      service.replies.push({ status: 500 });
      await pushDue(services);
      services.clock.advance(86_400_000);
    }
    expect([service.received.length, await waiting(), await subscribed(owner)]).toEqual([PUSH_ATTEMPTS_MAX, [], [sha256]]);
    await finish(owner);
    service.replies.length = 0;
    service.replies.push({ status: 413 });
    await pushDue(services);
    expect([await waiting(), await subscribed(owner)]).toEqual([[], [sha256]]);
  });
});

describe("a process that is killed", () => {
  test("between noting an attempt and making it loses nothing: it is made later, once", async () => {
    const owner = await person();
    const { sha256 } = await subscribe(owner);
    const jobId = await finish(owner);
    const [row] = await services.db<{ event: string }[]>`select event from push_deliveries where subscription = ${sha256}`;
    expect(row?.event).toContain(jobId);
    await transaction(services.db, (tx) =>
      noteAttempt(tx, { subscription: sha256, event: row?.event ?? "" }, { attempts: 1, at: new Date(services.clock.now().getTime() + 30_000) }),
    );
    expect(await pushDue(services)).toBe(0);
    services.clock.advance(30_000);
    expect([await pushDue(services), await pushDue(services), service.received.length]).toEqual([1, 0, 1]);
  });

  test("after sending sends again under the same topic and tag, so that the copy replaces the first", async () => {
    const owner = await person();
    const browser = await subscribe(owner);
    await finish(owner);
    const before = await services.db`select * from push_deliveries`;
    await pushDue(services);
    for (const { subscription, account_id, event, next_at } of before)
      await services.db`insert into push_deliveries (subscription, account_id, event, attempts, next_at) values (${subscription}, ${account_id}, ${event}, 1, ${next_at})`;
    await pushDue(services);
    const [first, second] = service.received;
    const tags = [first, second].map((got) => JSON.parse(browser.decrypt(got?.body ?? Buffer.alloc(0))).tag);
    expect([tags[0], first?.headers.topic, second?.headers.topic]).toEqual([tags[1], tags[0], tags[0]]);
  });

  test("leaves what others send at the same moment to them", async () => {
    const owner = await person();
    await subscribe(owner);
    for (let i = 0; i < 8; i++) await finish(owner);
    const sent = await Promise.all(Array.from({ length: 4 }, () => pushDue(services)));
    expect([sent.reduce((sum, n) => sum + n, 0), service.received.length]).toEqual([8, 8]);
  });
});

describe("an endpoint is a URL that a stranger gives", () => {
  test.each([
    "http://127.0.0.1/push",
    "https://127.0.0.1:1/push",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/x",
    "https://10.0.0.1/x",
    "https://push.evil.example/x",
    "https://user:secret@127.0.0.1/x",
    "file:///etc/passwd",
  ])("one that the operator did not name is refused and nothing is stored: %s", async (endpoint) => {
    const owner = await person();
    const { keys } = makeTestBrowser();
    const given = subscribeEndpoint.input.safeParse({ endpoint, keys, language: "en" });
    if (given.success) await expect(subscribePush(owner, given.data)).rejects.toMatchObject({ code: "bad_request", params: { field: "endpoint" } });
    expect(await subscribed(owner)).toEqual([]);
  });

  test("a redirect is not followed", async () => {
    const owner = await person();
    await subscribe(owner);
    for (const status of [301, 302, 303, 307, 308]) {
      await finish(owner);
      service.received.length = 0;
      service.replies.push({ status, headers: { location: `${service.origin}/inside` } });
      expect(await pushDue(services)).toBe(0);
      expect(service.received.map(({ path }) => path.startsWith("/push/"))).toEqual([true]);
    }
    expect(await waiting()).toEqual([]);
  });

  test("a name on the list that leads into the operator's own network is not called", async () => {
    const owner = await person();
    await subscribe(owner, { endpoint: `https://localhost:${service.port}/inside` });
    await finish(owner);
    expect([await pushDue(services), service.received.length, (await waiting()).length]).toEqual([0, 0, 1]);
  });

  test("one whose service was taken off the list since is not called any more", async () => {
    const owner = await person();
    await subscribe(owner);
    await finish(owner);
    const strict = { ...services, config: { ...services.config, push: { hosts: ["push.example"], contact: CONTACT } } };
    expect([await pushDue(strict), service.received.length, await subscribed(owner)]).toEqual([0, 0, []]);
  });

  test.each([
    ["127.0.0.1", 4, false],
    ["10.1.2.3", 4, false],
    ["100.100.100.200", 4, false],
    ["169.254.169.254", 4, false],
    ["172.31.255.255", 4, false],
    ["192.168.0.1", 4, false],
    ["0.0.0.0", 4, false],
    ["255.255.255.255", 4, false],
    ["239.0.0.1", 4, false],
    ["142.250.1.1", 4, true],
    ["172.32.0.1", 4, true],
    ["::1", 6, false],
    ["::", 6, false],
    ["fe80::1", 6, false],
    ["fd00:ec2::254", 6, false],
    ["::ffff:127.0.0.1", 6, false],
    ["::ffff:142.250.1.1", 6, false],
    ["64:ff9b::a00:1", 6, false],
    ["2002:7f00:1::", 6, false],
    ["2001:0:1::", 6, false],
    ["2001:db8::1", 6, false],
    ["2a00:1450:4001::200e", 6, true],
  ] as const)("%s (IPv%i) is in the public network: %s", (address, family, isPublic) => expect(isPublicAddress(address, family)).toBe(isPublic));
});

describe("subscribing", () => {
  test("takes no key that nothing could be encrypted for", async () => {
    const owner = await person();
    const { keys } = makeTestBrowser();
    const point = Buffer.from(keys.p256dh, "base64url");
    const offCurve = Buffer.from(point);
    offCurve[64] = (offCurve[64] ?? 0) ^ 1;
    for (const [p256dh, auth, field] of [
      [offCurve.toString("base64url"), keys.auth, "keys.p256dh"],
      [point.subarray(0, 64).toString("base64url"), keys.auth, "keys.p256dh"],
      [Buffer.alloc(65).toString("base64url"), keys.auth, "keys.p256dh"],
      [keys.p256dh, Buffer.alloc(15).toString("base64url"), "keys.auth"],
    ] as const)
      await expect(subscribe(owner, { keys: { p256dh, auth } })).rejects.toMatchObject({ code: "bad_request", params: { field } });
    expect(await subscribed(owner)).toEqual([]);
  });

  test("again keeps one subscription; ten browsers are enough; only the account itself ends one", async () => {
    const [owner, stranger] = [await person(), await person()];
    const first = await subscribe(owner);
    await subscribe(owner, { endpoint: first.endpoint });
    for (let i = 0; i < 9; i++) await subscribe(owner);
    await subscribe(owner, { endpoint: first.endpoint });
    await expect(subscribe(owner)).rejects.toMatchObject({ code: "conflict" });
    expect(first.sha256).toBe(createHash("sha256").update(first.endpoint).digest("hex"));
    await unsubscribePush(stranger, { sha256: first.sha256 });
    expect(await subscribed(owner)).toHaveLength(10);
    await unsubscribePush(owner, { sha256: first.sha256 });
    expect(await subscribed(owner)).toHaveLength(9);
  });

  test("many at the same moment are not one too many, and one browser of two accounts is one of them's", async () => {
    const [owner, other] = [await person(), await person()];
    const answers = await Promise.allSettled(Array.from({ length: 14 }, () => subscribe(owner)));
    expect(answers.filter(({ status }) => status === "fulfilled").length).toBe(10);
    const endpoint = `${service.origin}/push/contended`;
    await services.db`delete from push_subscriptions`;
    await Promise.all([owner, other, owner, other].map((ctx) => subscribe(ctx, { endpoint })));
    expect([...(await subscribed(owner)), ...(await subscribed(other))]).toHaveLength(1);
  });

  test("with another account takes the browser from the first, and what was still to be pushed to it", async () => {
    const [ada, bob] = [await person(), await person()];
    const { endpoint, sha256 } = await subscribe(ada);
    await finish(ada);
    await subscribe(bob, { endpoint });
    expect([await subscribed(ada), await subscribed(bob), await pushDue(services), service.received.length]).toEqual([[], [sha256], 0, 0]);
  });

  test("is for a session, and for an instance that pushes at all", async () => {
    const owner = await person();
    const key: WalletOwner = { ...owner, principal: { ...owner.principal, scopes: ["jobs:read", "jobs:write"] } };
    await expect(subscribe(key)).rejects.toMatchObject({ code: "forbidden" });
    const quiet: WalletOwner = { ...owner, config: { ...owner.config, push: null } };
    expect(await getPush(quiet, {})).toEqual({ publicKey: null, browsers: [] });
    await expect(subscribe(quiet)).rejects.toMatchObject({ code: "conflict" });
    expect(await pushDue({ ...services, config: { ...services.config, push: null } })).toBe(0);
  });

  test("ends with the account, and everywhere with all its sessions; an export names it without its secrets", async () => {
    const owner = await person();
    const { endpoint, keys, sha256 } = await subscribe(owner);
    const data = JSON.stringify(await exportMe(owner, {}));
    expect(data).toContain(sha256);
    for (const secret of [endpoint, keys.p256dh, keys.auth]) expect(data).not.toContain(secret);
    await signOut(owner, { everywhere: false });
    expect(await subscribed(owner)).toEqual([sha256]);
    await signOut(owner, { everywhere: true });
    expect(await subscribed(owner)).toEqual([]);
    await subscribe(owner);
    await deleteMe(owner, {});
    expect(await services.db`select 1 from push_subscriptions where account_id = ${uuidOf(owner.principal.accountId)}`).toEqual([]);
  });
});

test("the key pair is made once, whoever asks first, and kept", async () => {
  const fresh = await openTestServices();
  const all = await Promise.all(Array.from({ length: 6 }, () => getPushKeys(fresh)));
  expect(new Set(all.map(({ privateKey }) => privateKey)).size).toBe(1);
  const [keys] = all;
  expect([Buffer.from(keys?.publicKey ?? "", "base64url").length, Buffer.from(keys?.privateKey ?? "", "base64url").length]).toEqual([65, 32]);
  await fresh.close();
});
