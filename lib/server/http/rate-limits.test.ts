import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { endpoint } from "#lib/protocol/endpoint.ts";
import { makeDevice } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Services } from "../context.ts";
import { signDeviceToken } from "../devices/device-token.ts";
import { handle } from "./handle.ts";
import { readAddress, senderOf, stampAddress } from "./request-address.ts";

const look = endpoint({
  name: "look",
  method: "GET",
  path: "/look",
  auth: "public",
  input: z.strictObject({}),
  output: z.object({ address: z.string().nullable() }),
  summary: "Says where the request came from.",
});
const costly = endpoint({ ...look, name: "signIn", path: "/session" });

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(() => services.close());

/** An instance behind one proxy, with a hundredth of the limits; each has counts of its own. */
function instance(settings: Partial<Services["config"]> = {}): (endpointOf: typeof look, headers: Record<string, string>) => Promise<Response> {
  const own = { ...services, config: { ...services.config, proxyHops: 1, rateLimitFactor: 0.01, ...settings } };
  return async (endpointOf, headers) =>
    await handle(
      endpointOf,
      async (ctx) => ({ address: ctx.address ?? null }),
      async () => own,
    )(new Request(`http://127.0.0.1:3999${endpointOf.path}`, { headers }));
}
const from = (address: string) => ({ "x-shoal-peer": "10.0.0.1", "x-forwarded-for": address });

test("one sender is told to wait, how long, and others go on", async () => {
  const call = instance();
  for (let i = 0; i < 60; i++) expect((await call(look, from("127.0.0.7"))).status).toBe(200);
  const refused = await call(look, from("127.0.0.7"));
  expect(refused.status).toBe(429);
  const { error } = await refused.json();
  expect(error.code).toBe("rate_limited");
  expect(Number(refused.headers.get("retry-after"))).toBe(error.params.seconds);
  expect(error.params.seconds).toBeGreaterThan(0);
  expect((await call(look, from("127.0.0.8"))).status).toBe(200);
});

test("whoever sends on while told to wait is answered twice a second on a connection, and others at once", async () => {
  const call = instance();
  for (let i = 0; i < 60; i++) await call(look, from("127.0.0.6"));
  const startedMs = performance.now();
  const flood = Array.from({ length: 20 }, () => call(look, from("127.0.0.6")).then(({ status }) => [status, performance.now() - startedMs] as const));
  const other = await Promise.race([call(look, from("127.0.0.5")).then(({ status }) => status), Promise.race(flood).then(() => "after the flood")]);
  expect(other).toBe(200);
  for (const [status, tookMs] of await Promise.all(flood)) {
    expect(status).toBe(429);
    expect(tookMs).toBeGreaterThanOrEqual(490);
  }
});

test("what helps to guess is limited sooner than what does not", async () => {
  const call = instance();
  expect((await call(costly, from("127.0.0.9"))).status).toBe(200);
  expect((await call(costly, from("127.0.0.9"))).status).toBe(429);
  expect((await call(look, from("127.0.0.9"))).status).toBe(200);
});

test("a device is limited by itself, whatever address it comes from", async () => {
  const call = instance();
  const device = await makeDevice(services);
  const { token } = await signDeviceToken(services, { deviceId: device.deviceId, voterId: device.ctx.principal.voterId, trusted: false, thumbprint: "t" });
  const statuses: number[] = [];
  for (let i = 0; i < 7; i++) statuses.push((await call(look, { ...from(`127.0.1.${i}`), authorization: `Bearer ${token}` })).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429]);
});

test("a client cannot choose its address: without a proxy the header counts for nothing, behind one only what the proxy wrote", async () => {
  const direct = instance({ proxyHops: 0 });
  const statuses = new Set<number>();
  for (let i = 0; i < 61; i++) statuses.add((await direct(look, { "x-shoal-peer": "203.0.113.5", "x-forwarded-for": `198.51.100.${i}` })).status);
  expect([...statuses]).toEqual([200, 429]);
  const behind = instance();
  expect(await (await behind(look, from("192.0.2.1, 203.0.113.9"))).json()).toEqual({ address: "203.0.113.9" });
  expect(readAddress(new Headers(from("192.0.2.1, 203.0.113.9, 10.0.0.2")), 2)).toBe("203.0.113.9");
  const stamped = { headers: { "x-shoal-peer": "203.0.113.77" } as Record<string, string>, socket: { remoteAddress: "::ffff:198.51.100.3" } };
  stampAddress(stamped as unknown as Parameters<typeof stampAddress>[0]);
  expect(stamped.headers["x-shoal-peer"]).toBe("198.51.100.3");
});

test("a machine that serves itself is not limited as a sender", async () => {
  const call = instance({ proxyHops: 0 });
  for (let i = 0; i < 70; i++) expect((await call(look, { "x-shoal-peer": "127.0.0.1" })).status).toBe(200);
});

test("one IPv6 network is one sender, however it is written", () => {
  expect(senderOf("2001:db8:1:2:aaaa::1")).toBe("2001:db8:1:2::/64");
  expect(senderOf("2001:0DB8:0001:2::ffff")).toBe("2001:db8:1:2::/64");
  expect(senderOf("2001:db8::1")).toBe("2001:db8:0:0::/64");
  expect(senderOf("198.51.100.3")).toBe("198.51.100.3");
});
