import type { Situation } from "#lib/domain/governor/decide-activity.ts";
import type { VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import type { ShownVersions } from "#lib/protocol/legal/legal.ts";
import type { EngineEvents, EngineSnapshot, ExecutorHost } from "./engine-contract.ts";
import type { DeviceKey } from "./exchange/device-key.ts";
import type { SeqMemory } from "./exchange/exchange-loop.ts";

type EngineConfig = {
  /** The instance's origin. */
  baseUrl: string;
  settings: VolunteerSettings;
  situation: Situation;
  /** How many cores the setting `null` stands for. */
  coresDefault: number;
  key: DeviceKey;
  /** The versions of the texts that the card showed; undefined where it showed none. */
  consent: ShownVersions | undefined;
};

/** What the page does for the engine, handed over as one Comlink proxy: it holds the executors, remembers numbers and shows what happens. */
export type EnginePage = Required<ExecutorHost> & EngineEvents & SeqMemory;

/** What the engine's worker offers to the page over Comlink. */
export interface EngineDoor {
  /** Computes until stopped or until it cannot go on; settles with the last snapshot. A worker runs one engine in its life. */
  run(config: EngineConfig, page: EnginePage): Promise<EngineSnapshot>;
  /** Other settings hold from now on. */
  configure(settings: VolunteerSettings): Promise<void>;
  /** The page is in another situation. */
  notice(situation: Situation): Promise<void>;
  /** The network is back, or the machine woke up. */
  hurry(): Promise<void>;
  /** Hands everything back; settles within about a second. */
  stop(): Promise<void>;
}
