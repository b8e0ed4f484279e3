import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessSpec, ProcessSupervisor } from "../processes/supervisor.ts";

const LOOK_EVERY_MS = 50;
const RESTART_MS = 500;

/** A process that is started again whenever it ends, as every process manager does; and that can be killed on purpose. */
export class KeptProcess {
  readonly #supervisor: ProcessSupervisor;
  readonly #spec: ProcessSpec;
  #life = 0;
  #holds = 0;
  #isClosing = false;
  #current: { name: string; pid: number } | null = null;
  #wasAsked = false;
  #keeping: Promise<void> | null = null;
  /** How often it ended although it was ready and nobody had ended it. */
  endsByItself = 0;

  constructor(supervisor: ProcessSupervisor, spec: ProcessSpec) {
    this.#supervisor = supervisor;
    this.#spec = spec;
  }

  get name(): string {
    return this.#spec.name;
  }

  get isUp(): boolean {
    return this.#current !== null;
  }

  /** Starts it and waits until it is ready for the first time. */
  async start(): Promise<void> {
    await this.#begin();
    this.#keeping = this.#keep();
  }

  /** Sends a signal to it and its children. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#current) return;
    try {
      process.kill(-this.#current.pid, signal);
    } catch {
      // It is ending by itself.
    }
  }

  /** Ends it and keeps it down until the promise that is given settles; with SIGTERM it may finish what it does. */
  async down(signal: "SIGKILL" | "SIGTERM", until: Promise<unknown>): Promise<void> {
    this.#holds += 1;
    this.#wasAsked = true;
    // A frozen process takes no SIGTERM.
    this.signal("SIGCONT");
    this.signal(signal);
    await until;
    this.#holds -= 1;
  }

  /** Waits until it has ended, or is up again. */
  async settled(isUp: boolean): Promise<void> {
    while (this.isUp !== isUp && !this.#isClosing) await sleep(LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.#isClosing = true;
    this.signal("SIGCONT");
    if (this.#current) await this.#supervisor.stop(this.#current.name);
    await this.#keeping;
  }

  async #begin(): Promise<void> {
    this.#life += 1;
    const name = `${this.#spec.name}.${this.#life}`;
    const { pid } = await this.#supervisor.start({ ...this.#spec, name });
    this.#current = { name, pid };
    this.#wasAsked = false;
  }

  async #keep(): Promise<void> {
    while (!this.#isClosing) {
      await sleep(LOOK_EVERY_MS);
      if (this.#current && this.#supervisor.running.some(({ name }) => name === this.#current?.name)) continue;
      if (this.#current && !this.#wasAsked && !this.#isClosing) this.endsByItself += 1;
      this.#current = null;
      if (this.#holds > 0 || this.#isClosing) continue;
      await sleep(RESTART_MS);
      // What it needs may be away: the next turn tries again.
      await this.#begin().catch(() => undefined);
    }
  }
}
