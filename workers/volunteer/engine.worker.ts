import { expose } from "comlink";
import { openBrowserStorage } from "./browser/open-browser-storage.ts";
import { VolunteerEngine } from "./engine.ts";
import type { EngineDoor } from "./engine-door-contract.ts";
import { createDeviceConnection } from "./exchange/device-connection.ts";
import { DataMeter } from "./governing/data-meter.ts";

let engine: VolunteerEngine | null = null;

const door: EngineDoor = {
  async run(config, page) {
    const { baseUrl, key, settings, coresDefault, consent } = config;
    const storage = await openBrowserStorage();
    const data = new DataMeter(storage.usage);
    const cores = settings.cores ?? coresDefault;
    const connection = createDeviceConnection({
      baseUrl,
      key,
      kind: "browser",
      cores,
      agree: consent && (async () => consent),
      onBytes: (bytes) => data.add(bytes),
    });
    engine = new VolunteerEngine({ ...config, host: page, connection, seqMemory: page, storage, data, warmsUp: true, events: page });
    return await engine.run();
  },
  configure: async (settings) => engine?.configure(settings),
  notice: async (situation) => engine?.notice(situation),
  hurry: async () => engine?.hurry(),
  stop: async () => await engine?.stop(),
};

expose(door);
