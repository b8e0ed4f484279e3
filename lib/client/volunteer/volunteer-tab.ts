import { readSettings, type VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import type { ShownVersions } from "#lib/protocol/legal/legal.ts";
import { type EnginePhase, IDLE_SNAPSHOT } from "#workers/volunteer/engine-contract.ts";
import { markComputing } from "../palette/go-to-page.ts";
import { loadSettings, saveSettings } from "./settings-store.ts";
import type { VolunteerSession } from "./volunteer-session.ts";
import { INITIAL_VIEW, type VolunteerView } from "./volunteer-view.ts";

/** In which nothing is lost when the page goes away. */
const AT_REST: ReadonlySet<EnginePhase> = new Set(["idle", "stopped", "failed"]);

/** This tab before and after Start. Only who presses Start downloads what computing needs; until then it keeps the settings alone. */
export class VolunteerTab {
  #view: VolunteerView = { ...INITIAL_VIEW, settings: loadSettings(), coresAvailable: navigator.hardwareConcurrency };
  #session: VolunteerSession | null = null;
  /** Start was pressed, and Stop was not since. */
  #isWanted = false;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getView = (): VolunteerView => this.#session?.getView() ?? this.#view;

  /** Begins to compute on so many cores. `consent` names the texts that the card showed. What goes wrong shows in the view. */
  readonly start = async (cores: number, consent?: ShownVersions): Promise<void> => {
    if (this.#isWanted && !this.#session) return;
    this.#isWanted = true;
    try {
      const session = this.#session ?? (await this.#load(cores));
      if (this.#isWanted) await session.start(cores, consent);
    } catch (error) {
      this.#isWanted = false;
      this.#show({ engine: IDLE_SNAPSHOT, problem: error instanceof Error ? error.message : String(error) });
    }
  };

  /** Hands everything back and ends all workers. */
  readonly stop = async (): Promise<void> => {
    this.#isWanted = false;
    if (this.#session) await this.#session.stop();
    else this.#show({ engine: { ...IDLE_SNAPSHOT, phase: "stopped" } });
  };

  /** Changes what this device lends, at once where it computes; kept for the next visit. What cannot be used has its default instead. */
  readonly configure = (change: Partial<VolunteerSettings>): void => {
    if (this.#session) {
      this.#session.configure(change);
      return;
    }
    const { settings } = readSettings({ ...this.#view.settings, ...change });
    saveSettings(settings);
    this.#show({ settings });
  };

  async #load(cores: number): Promise<VolunteerSession> {
    this.#show({ engine: { ...IDLE_SNAPSHOT, phase: "starting", cores }, problem: null });
    const { VolunteerSession } = await import("./volunteer-session.ts");
    const session = new VolunteerSession(this.#view);
    session.subscribe(() => this.#tell());
    this.#session = session;
    return session;
  }

  #show(change: Partial<VolunteerView>): void {
    this.#view = { ...this.#view, ...change };
    this.#tell();
  }

  #tell(): void {
    markComputing(!AT_REST.has(this.getView().engine.phase));
    for (const listener of this.#listeners) listener();
  }
}
