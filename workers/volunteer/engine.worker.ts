import { expose } from "comlink";
import { VolunteerEngine } from "./engine.ts";
import type { EngineDoor } from "./engine-door-contract.ts";
import { createDeviceConnection } from "./exchange/device-connection.ts";

let engine: VolunteerEngine | null = null;

const door: EngineDoor = {
  async run({ baseUrl, cores, key }, page) {
    const connection = createDeviceConnection({ baseUrl, key, kind: "browser", cores });
    engine = new VolunteerEngine({ baseUrl, cores, host: page, connection, seqMemory: page, events: page });
    return await engine.run();
  },
  async stop() {
    await engine?.stop();
  },
};

expose(door);
