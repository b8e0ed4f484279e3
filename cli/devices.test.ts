import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createCheckingCode as createCheckingCodeEndpoint,
  listCheckingDevices as listCheckingDevicesEndpoint,
  revokeCheckingDevice as revokeCheckingDeviceEndpoint,
} from "#lib/protocol/devices/checking-devices.ts";
import { createKey } from "#lib/server/accounts/keys/create-key.ts";
import { createCheckingCode } from "#lib/server/devices/checking/create-checking-code.ts";
import { listCheckingDevices } from "#lib/server/devices/checking/list-checking-devices.ts";
import { revokeCheckingDevice } from "#lib/server/devices/checking/revoke-checking-device.ts";
import { handle } from "#lib/server/http/handle.ts";
import { makeAccount, makeDevice } from "#lib/testing/builders.ts";
import { serveHere } from "#lib/testing/serve-here.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { startHere } from "./testing/run-here.ts";

let services: TestServices;
let server: Awaited<ReturnType<typeof serveHere>>;

beforeAll(async () => {
  services = await openTestServices();
  const source = async () => services;
  server = await serveHere(
    {
      "POST /api/v1/me/checking-devices": handle(createCheckingCodeEndpoint, createCheckingCode, source),
      "GET /api/v1/me/checking-devices": handle(listCheckingDevicesEndpoint, listCheckingDevices, source),
      "DELETE /api/v1/me/checking-devices/{deviceId}": handle(revokeCheckingDeviceEndpoint, revokeCheckingDevice, source),
    },
    services,
  );
});
afterAll(async () => {
  await server.close();
  await services.close();
});

test("devices makes a code, lists what checks the account's jobs and revokes it; a key that may only read changes nothing", async () => {
  const { accountId, ctx } = await makeAccount(services);
  const { secret } = await createKey(ctx, { name: "terminal", scopes: ["jobs:read", "jobs:write"] });
  const { secret: reader } = await createKey(ctx, { name: "reader", scopes: ["jobs:read"] });
  const shoal = async (args: string[], key = secret) => await startHere(["devices", ...args, "--server", server.url, "--key", key], { env: {} }).ended;
  expect(await shoal([])).toMatchObject({ code: 0, out: "", err: expect.stringContaining("shoal devices add") });
  expect(await shoal(["add"])).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9a-f]{32}\n$/), err: expect.stringContaining("--trusted CODE") });
  const { deviceId } = await makeDevice(services, { checksFor: accountId });
  const { deviceId: foreign } = await makeDevice(services, { checksFor: (await makeAccount(services)).accountId });
  expect((await shoal(["--json"])).out).toContain(deviceId);
  for (const args of [["add"], ["revoke", deviceId]]) expect(await shoal(args, reader)).toMatchObject({ code: 1 });
  expect(await shoal(["revoke", foreign])).toMatchObject({ code: 1 });
  expect(await shoal(["revoke", "me"])).toMatchObject({ code: 1 });
  expect(await shoal(["revoke"])).toMatchObject({ code: 2 });
  expect(await shoal(["revoke", deviceId])).toMatchObject({ code: 0 });
  expect((await shoal([])).out).toBe("");
});
