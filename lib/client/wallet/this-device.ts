import { queryOptions } from "@tanstack/react-query";
import { getDeviceLink } from "#lib/protocol/devices/devices-of-account.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import { createDeviceCalls } from "#workers/volunteer/exchange/device-calls.ts";
import { findDeviceKey } from "../volunteer/device-store.ts";
import { loadSettings } from "../volunteer/settings-store.ts";

/** This browser as a device: to which account it belongs and what it has earned; null where it has never computed. */
export type ThisDevice = OutputOf<typeof getDeviceLink> | null;

let calls: ReturnType<typeof createDeviceCalls> | null = null;

/** Asks in this device's own name, with its key. */
export const thisDeviceQuery = queryOptions({
  queryKey: ["money", "this-device"],
  queryFn: async ({ signal }): Promise<ThisDevice> => {
    const key = await findDeviceKey();
    if (!key) return null;
    const cores = loadSettings().cores ?? navigator.hardwareConcurrency;
    calls ??= createDeviceCalls({ baseUrl: location.origin, key, kind: "browser", cores });
    return await calls.call(getDeviceLink, {}, { signal });
  },
});
