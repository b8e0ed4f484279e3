import type { Remote } from "comlink";
import { readSettings, type VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import type { ShownVersions } from "#lib/protocol/legal/legal.ts";
import { type EngineSnapshot, type Farewell, IDLE_SNAPSHOT } from "#workers/volunteer/engine-contract.ts";
import type { EngineDoor, EnginePage } from "#workers/volunteer/engine-door-contract.ts";
import type { BrowserHost } from "./browser-host.ts";
import { type DeviceStore, openDeviceStore } from "./device-store.ts";
import { ScreenLock } from "./page/screen-lock.ts";
import { takeTabLock, untilTabLockIsFree } from "./page/tab-lock.ts";
import { type SituationWatch, watchSituation } from "./page/watch-situation.ts";
import { saveSettings } from "./settings-store.ts";
import type { VolunteerView } from "./volunteer-view.ts";

/** The engine hands back within a second; what takes longer has lost its worker. */
const STOP_DEADLINE_MS = 2000;

type Run = { worker: Worker; door: Remote<EngineDoor>; host: BrowserHost; makeHost: () => BrowserHost; watch: SituationWatch; release: () => void };

/** This tab as a volunteer: starts and stops the engine's worker, holds its executors, and hands everything back when the page goes away. */
export class VolunteerSession {
  #view: VolunteerView;
  readonly #listeners = new Set<() => void>();
  readonly #screen = new ScreenLock();
  #run: Run | null = null;
  #isStarting = false;
  #wasFrozen = false;
  #farewell: Farewell | null = null;

  /** `view` is what the tab showed so far. */
  constructor(view: VolunteerView) {
    this.#view = view;
    // One session per tab and life of the page, so that these stay as long as it does.
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("freeze", () => this.#freeze());
    document.addEventListener("resume", () => this.#thaw());
    addEventListener("online", () => void this.#run?.door.hurry());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getView = (): VolunteerView => this.#view;

  /**
   * Begins to compute on so many cores; does nothing while it computes. `consent` names the texts that the card showed. What goes wrong shows in the view.
   */
  readonly start = async (cores: number, consent?: ShownVersions): Promise<void> => {
    if (this.#run || this.#isStarting) return;
    this.#isStarting = true;
    this.configure({ cores });
    this.#show({ engine: { ...IDLE_SNAPSHOT, phase: "starting", cores }, isTakenByOtherTab: false, problem: null });
    const release = await takeTabLock();
    try {
      if (release) await this.#begin(release, consent);
      else this.#waitForOtherTab();
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
    this.#end(run, stopped(this.#view.engine));
  };

  /** Changes what this device lends, at once where it computes; kept for the next visit. What cannot be used has its default instead. */
  readonly configure = (change: Partial<VolunteerSettings>): void => {
    const { settings } = readSettings({ ...this.#view.settings, ...change });
    saveSettings(settings);
    this.#show({ settings });
    if (!this.#run) return;
    this.#screen.want(settings.keepsAwake);
    void this.#run.door.configure(settings);
  };

  /** Another tab computes: says so for as long as it does. */
  #waitForOtherTab(): void {
    this.#show({ engine: IDLE_SNAPSHOT, isTakenByOtherTab: true });
    untilTabLockIsFree().then(
      () => this.#show({ isTakenByOtherTab: false }),
      () => undefined,
    );
  }

  async #begin(release: () => void, consent: ShownVersions | undefined): Promise<void> {
    const store = await openDeviceStore();
    // Only who presses Start downloads what computing needs.
    const [{ BrowserHost }, { proxy, wrap }] = await Promise.all([import("./browser-host.ts"), import("comlink")]);
    const makeHost = () => new BrowserHost((wall) => this.#show({ wall }));
    const watch = await watchSituation((situation) => {
      void this.#run?.door.notice(situation);
      this.#screen.want(this.#view.settings.keepsAwake);
    });
    const worker = new Worker(new URL("../../../workers/volunteer/engine.worker.ts", import.meta.url), { type: "module", name: "shoal-engine" });
    const run: Run = { worker, door: wrap<EngineDoor>(worker), host: makeHost(), makeHost, watch, release };
    this.#run = run;
    this.#screen.want(this.#view.settings.keepsAwake);
    worker.onerror = (event) => this.#end(run, failed(event.message));
    const { settings, coresAvailable } = this.#view;
    const config = { baseUrl: location.origin, settings, situation: watch.current(), coresDefault: coresAvailable ?? 1, key: store.key, consent };
    run.door.run(config, proxy(this.#pageOf(run, store))).then(
      (last) => this.#end(run, last),
      (error: unknown) => this.#end(run, failed(error instanceof Error ? error.message : String(error))),
    );
  }

  #pageOf(run: Run, store: DeviceStore): EnginePage {
    return {
      spawn: async () => await run.host.spawn(),
      kill: async (id) => await run.host.kill(id),
      rebuild: async () => {
        run.host.killAll();
        run.host = run.makeHost();
      },
      last: async () => await store.last(),
      save: async (seq) => await store.save(seq),
      onSnapshot: (engine) => {
        if (this.#run === run) this.#show({ engine });
      },
      onFarewell: (farewell) => {
        this.#farewell = farewell;
      },
    };
  }

  #end(run: Run, engine: EngineSnapshot): void {
    if (this.#run !== run) return;
    this.#run = null;
    this.#farewell = null;
    this.#screen.want(false);
    run.watch.end();
    run.host.killAll();
    run.worker.terminate();
    run.release();
    this.#show({ engine });
  }

  /** A page that goes away cannot wait for its worker: it sends the last request itself. */
  #leave(): void {
    this.#sendFarewell();
    void this.stop();
  }

  /** A frozen page computes nothing, and what it holds would be missed: everything goes back, and the engine begins anew when the page does. */
  #freeze(): void {
    const run = this.#run;
    if (!run) return;
    this.#wasFrozen = true;
    this.#sendFarewell();
    this.#end(run, stopped(this.#view.engine));
  }

  #thaw(): void {
    if (!this.#wasFrozen) return;
    this.#wasFrozen = false;
    void this.start(this.#view.settings.cores ?? this.#view.coresAvailable ?? 1);
  }

  #sendFarewell(): void {
    const farewell = this.#farewell;
    if (farewell) fetch(farewell.url, { method: "POST", headers: farewell.headers, body: farewell.body, keepalive: true }).catch(() => null);
  }

  #show(change: Partial<VolunteerView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function stopped(engine: EngineSnapshot): EngineSnapshot {
  return { ...engine, phase: "stopped", reason: null, pausedBy: null, perExecutor: [], jobs: [] };
}

function failed(reason: string): EngineSnapshot {
  return {
    ...IDLE_SNAPSHOT,
    phase: "failed",
    reason: { code: "executors_failed", params: { reason }, message: `This browser cannot compute: ${reason}` },
  };
}
