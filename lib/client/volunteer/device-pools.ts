import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { DeviceId, PoolId } from "#lib/domain/ids.ts";
import { joinPool, listPools, removeFromPool } from "#lib/protocol/pools/pools.ts";
import { createDeviceCalls, type DeviceCalls } from "#workers/volunteer/exchange/device-calls.ts";
import { findDeviceKey, openDeviceStore } from "./device-store.ts";
import { loadSettings } from "./settings-store.ts";

let calls: DeviceCalls | null = null;
const NO_END = new AbortController().signal;

/** Calls in the name of this browser's device; null where it never was one and none is to be made. */
async function deviceCalls(make: boolean): Promise<DeviceCalls | null> {
  if (calls) return calls;
  const key = make ? (await openDeviceStore()).key : await findDeviceKey();
  if (!key) return null;
  calls = createDeviceCalls({ baseUrl: location.origin, key, kind: "browser", cores: loadSettings().cores ?? navigator.hardwareConcurrency });
  return calls;
}

/** The pools that this browser's device joined itself or by its account; none where it is no device. */
export const devicePoolsQuery = queryOptions({
  queryKey: ["device-pools"],
  queryFn: async ({ signal }) => (await (await deviceCalls(false))?.call(listPools, {}, { signal }))?.pools ?? [],
});

/** Lets this browser's device join by an invite; it becomes a device where it was none. */
export function useJoinWithDevice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (code: string) => {
      const device = await deviceCalls(true);
      if (!device) throw new Error("a device that was to be made is none");
      return await device.call(joinPool, { code }, { signal: NO_END });
    },
    onSettled: () => client.invalidateQueries({ queryKey: devicePoolsQuery.queryKey }),
  });
}

/** Takes this browser's device out of a pool. */
export function useLeaveWithDevice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (poolId: PoolId) => {
      const device = await deviceCalls(false);
      const { deviceId } = (device?.session() ?? (await device?.signIn(NO_END))) || {};
      if (device && deviceId) await device.call(removeFromPool, { poolId, memberId: deviceId as DeviceId }, { signal: NO_END });
    },
    onSettled: () => client.invalidateQueries({ queryKey: devicePoolsQuery.queryKey }),
  });
}
