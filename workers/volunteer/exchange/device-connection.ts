import { exchange } from "#lib/protocol/exchange/exchange.ts";
import type { Connection } from "./connection.ts";
import { createDeviceCalls, type DeviceCalls, type DeviceOptions } from "./device-calls.ts";

/** The connection of a device to its instance. `calls` are given where somebody else calls in the device's name too. */
export function createDeviceConnection(options: DeviceOptions, calls: DeviceCalls = createDeviceCalls(options)): Connection {
  return {
    async open(signal) {
      const { deviceId, trusted, checksOwnJobs } = await calls.signIn(signal);
      return { deviceId, trusted, checksOwnJobs };
    },
    exchange: async (input, callOptions) => await calls.call(exchange, input, callOptions),
    farewell(input) {
      const session = calls.session();
      if (!session) return null;
      const headers = { authorization: `Bearer ${session.token}`, "content-type": "application/json" };
      return { url: `${options.baseUrl}${exchange.path}`, headers, body: JSON.stringify(input) };
    },
  };
}
