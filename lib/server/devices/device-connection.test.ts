import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DeviceId, uuidOf } from "#lib/domain/ids.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Connection } from "#workers/volunteer/exchange/connection.ts";
import { createDeviceConnection } from "#workers/volunteer/exchange/device-connection.ts";
import { createDeviceKey } from "#workers/volunteer/exchange/device-key.ts";
import { openDoors } from "../accounts/testing/open-caller.ts";
import { exchangeDoor } from "../exchange/exchange-door.ts";
import type { Door } from "../http/handle.ts";
import { serveDoors } from "../http/serve-doors.ts";

const { signal } = new AbortController();
let services: TestServices;
let legalFolder: string;
let server: Server;
let baseUrl: string;
let exchanges: ReturnType<typeof countAnswers>;

/** Passes requests on and counts the answers by their status. */
function countAnswers(door: Door): { door: Door; counts: Record<number, number> } {
  const counts: Record<number, number> = {};
  const counting: Door = async (request) => {
    const response = await door(request);
    counts[response.status] = (counts[response.status] ?? 0) + 1;
    return response;
  };
  return { door: counting, counts };
}

beforeAll(async () => {
  legalFolder = await mkdtemp(join(tmpdir(), "shoal-legal-"));
  services = await openTestServices({ legalFolder });
  const source = async () => services;
  const { createChallenge, registerDevice } = openDoors(services);
  if (!createChallenge || !registerDevice) throw new Error("the doors of registration are missing");
  exchanges = countAnswers(exchangeDoor(source));
  server = serveDoors(
    { "POST /api/v1/challenges": createChallenge, "POST /api/v1/devices": registerDevice, "POST /api/v1/exchange": exchanges.door },
    services.config.origin,
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  services.config.origin = baseUrl;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await services.close();
  await rm(legalFolder, { recursive: true, force: true });
});

const connect = async (): Promise<Connection> =>
  createDeviceConnection({ baseUrl, key: await createDeviceKey({ extractable: false }), kind: "headless", cores: 2 });
const ask = async (connection: Connection, seq: number) =>
  await connection.exchange(
    { version: 1, seq, reports: [], running: [], abandoned: [], want: { shardsMax: 1, timeMs: 1000 }, measured: [], knownJobs: [], cores: 2 },
    { signal },
  );

test("a device registers over HTTP and exchanges with the token it was given", async () => {
  const connection = await connect();
  expect(await connection.open(signal)).toMatchObject({ deviceId: expect.stringMatching(/^dev_/), trusted: false });
  expect(await ask(connection, 1)).toMatchObject({ grants: [], reason: "no_jobs" });
});

test("a device whose token ran out, by the instance's clock, goes on with a new one", async () => {
  const connection = await connect();
  await connection.open(signal);
  services.clock.advance(600_000);
  const before = exchanges.counts[401] ?? 0;
  expect(await ask(connection, 1)).toMatchObject({ reason: "no_jobs" });
  expect(exchanges.counts[401]).toBe(before + 1);
});

test("a device that is revoked while it computes is told so", async () => {
  const connection = await connect();
  const { deviceId } = await connection.open(signal);
  await ask(connection, 1);
  await services.db`update devices set revoked_at = ${services.clock.now()} where id = ${uuidOf(deviceId as DeviceId)}`;
  services.clock.advance(1000);
  await expect(ask(connection, 2)).rejects.toMatchObject({ code: "device_revoked" });
});

test("a device says once what its volunteer was shown; a text that changes while it computes does not end the run, the next start is refused", async () => {
  const key = await createDeviceKey({ extractable: false });
  const versions = { privacy: "2026-01-01", terms: "2026-01-01" };
  const publish = async (version: string) => {
    for (const name of ["privacy", "terms"]) await writeFile(join(legalFolder, `${name}.md`), `---\nversion: ${version}\n---\n\n# ${name}\n\nWhat holds.\n`);
  };
  await publish("2026-01-01");
  let shown = 0;
  const agree = async () => {
    shown += 1;
    return versions;
  };
  const start = () => createDeviceConnection({ baseUrl, key, kind: "headless", cores: 2, agree });
  const connection = start();
  const { deviceId } = await connection.open(signal);
  await publish("2026-02-02");
  services.clock.advance(600_000);
  expect(await ask(connection, 1)).toMatchObject({ reason: "no_jobs" });
  await expect(start().open(signal)).rejects.toMatchObject({ code: "text_changed", params: { document: "privacy", want: "2026-02-02" } });
  expect(shown).toBe(2);
  const noted = await services.db`select document, version from consents where who = ${uuidOf(deviceId as DeviceId)} order by document`;
  expect(noted).toEqual([
    { document: "privacy", version: "2026-01-01" },
    { document: "terms", version: "2026-01-01" },
  ]);
});
