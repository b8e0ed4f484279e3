import { proxy, type Remote, wrap } from "comlink";
import { type EngineSnapshot, type Farewell, IDLE_SNAPSHOT } from "#workers/volunteer/engine-contract.ts";
import type { EngineDoor, EnginePage } from "#workers/volunteer/engine-door-contract.ts";
import { BrowserHost } from "./browser-host.ts";
import { openDeviceStore } from "./device-store.ts";
import type { Wall } from "./sandbox/wall.ts";

const LOCK = "shoal-volunteer";
/** The engine hands back within a second; what takes longer has lost its worker. */
const STOP_DEADLINE_MS = 2000;

export type VolunteerView = {
  engine: EngineSnapshot;
  /** Another tab of this browser profile computes, so this one does not. */
  isTakenByOtherTab: boolean;
  /** Why this browser cannot compute at all, in words; null when nothing speaks against it. */
  problem: string | null;
  /** How many cores this browser says it has; null before the page knows. */
  coresAvailable: number | null;
  /** What stands around the executors; null before the first one runs. */
  wall: Wall | null;
};

export const INITIAL_VIEW: VolunteerView = { engine: IDLE_SNAPSHOT, isTakenByOtherTab: false, problem: null, coresAvailable: null, wall: null };

type Run = { worker: Worker; door: Remote<EngineDoor>; host: BrowserHost; release: () => void };

/** This tab as a volunteer: starts and stops the engine's worker, holds its executors, and hands everything back when the page goes away. */
export class VolunteerSession {
  #view: VolunteerView = { ...INITIAL_VIEW, coresAvailable: navigator.hardwareConcurrency };
  readonly #listeners = new Set<() => void>();
  #run: Run | null = null;
  #isStarting = false;
  #farewell: Farewell | null = null;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getView = (): VolunteerView => this.#view;

  /** Begins to compute on so many cores; does nothing while it computes. What goes wrong shows in the view. */
  readonly start = async (cores: number): Promise<void> => {
    if (this.#run || this.#isStarting) return;
    this.#isStarting = true;
    this.#show({ engine: { ...IDLE_SNAPSHOT, phase: "starting", cores }, isTakenByOtherTab: false, problem: null });
    const release = await takeLock();
    try {
      if (!release) this.#show({ engine: IDLE_SNAPSHOT, isTakenByOtherTab: true });
      else await this.#begin(cores, release);
    } catch (error) {
      release?.();
      this.#show({ engine: IDLE_SNAPSHOT, problem: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#isStarting = false;
    }
  };

  /** Hands everything back and ends all workers. */
  readonly stop = async (): Promise<void> => {
    const run = this.#run;
    if (!run) return;
    await Promise.race([run.door.stop(), new Promise((resolve) => setTimeout(resolve, STOP_DEADLINE_MS))]);
    this.#end(run, { ...this.#view.engine, phase: "stopped", reason: null, perExecutor: [], jobs: [] });
  };

  async #begin(cores: number, release: () => void): Promise<void> {
    const store = await openDeviceStore();
    const worker = new Worker(new URL("../../../workers/volunteer/engine.worker.ts", import.meta.url), { type: "module", name: "shoal-engine" });
    const run: Run = { worker, door: wrap<EngineDoor>(worker), host: new BrowserHost((wall) => this.#show({ wall })), release };
    this.#run = run;
    addEventListener("pagehide", this.#onPageHide);
    worker.onerror = (event) => this.#end(run, failed(event.message));
    const page: EnginePage = {
      spawn: async () => await run.host.spawn(),
      kill: async (id) => await run.host.kill(id),
      last: async () => await store.last(),
      save: async (seq) => await store.save(seq),
      onSnapshot: (engine) => {
        if (this.#run === run) this.#show({ engine });
      },
      onFarewell: (farewell) => {
        this.#farewell = farewell;
      },
    };
    const config = { baseUrl: location.origin, cores, key: store.key };
    run.door.run(config, proxy(page)).then(
      (last) => this.#end(run, last),
      (error: unknown) => this.#end(run, failed(error instanceof Error ? error.message : String(error))),
    );
  }

  #end(run: Run, engine: EngineSnapshot): void {
    if (this.#run !== run) return;
    this.#run = null;
    this.#farewell = null;
    removeEventListener("pagehide", this.#onPageHide);
    run.host.killAll();
    run.worker.terminate();
    run.release();
    this.#show({ engine });
  }

  /** A page that goes away cannot wait for its worker: it sends the last request itself. */
  readonly #onPageHide = (): void => {
    const farewell = this.#farewell;
    if (farewell) fetch(farewell.url, { method: "POST", headers: farewell.headers, body: farewell.body, keepalive: true }).catch(() => null);
    void this.stop();
  };

  #show(change: Partial<VolunteerView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function failed(reason: string): EngineSnapshot {
  const message = `This browser cannot run shards: ${reason}`;
  return { ...IDLE_SNAPSHOT, phase: "failed", reason: { code: "executors_failed", params: { reason }, message } };
}

/** The right of this tab to compute, as the function that gives it up; null when another tab has it. */
async function takeLock(): Promise<(() => void) | null> {
  const { promise, resolve } = Promise.withResolvers<(() => void) | null>();
  // Browsers without Web Locks cannot tell; two tabs then share the device, which the instance tolerates.
  if (!("locks" in navigator)) return () => undefined;
  navigator.locks
    .request(LOCK, { ifAvailable: true }, async (lock) => {
      if (!lock) return resolve(null);
      const held = Promise.withResolvers<void>();
      resolve(held.resolve);
      await held.promise;
    })
    .catch(() => resolve(null));
  return await promise;
}
