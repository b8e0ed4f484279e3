import { transfer } from "comlink";
import type { ExecutorHost } from "#workers/volunteer/engine-contract.ts";
import { openWing } from "./sandbox/open-wing.ts";
import { SANDBOXES, type Wall, type Wing } from "./sandbox/wall.ts";

type Executor = { id: string; port: MessagePort; lost: MessagePort; pace: MessagePort };

/**
 * Holds executors behind the strongest wall that this browser has. Ports leave by transfer, so that engine and executor talk past the page. When the wall's
 * inside stops answering, all of it is removed: whoever got an executor hears that it is lost, and the next spawn builds the wall anew.
 */
export class BrowserHost implements ExecutorHost {
  readonly #onWall: (wall: Wall) => void;
  readonly #wingOf = new Map<string, Wing>();
  #wing: Wing | null = null;
  /** The worker by which a wing was proved; it belongs to whoever asks next. */
  #spare: Executor | null = null;
  #opening: Promise<Wing> | null = null;
  #spawned = 0;
  #isClosed = false;

  /** `onWall` hears which wall is up whenever one was built. */
  constructor(onWall: (wall: Wall) => void) {
    this.#onWall = onWall;
  }

  async spawn(): Promise<Executor> {
    const wing = await this.#getWing();
    const executor = this.#spare ?? (await this.#make(wing));
    if (executor === this.#spare) this.#spare = null;
    return transfer(executor, [executor.port, executor.lost, executor.pace]);
  }

  async kill(id: string): Promise<void> {
    this.#wingOf.get(id)?.kill(id);
    this.#wingOf.delete(id);
  }

  /** Throws the wall away with everything behind it; the next spawn builds it anew. */
  async rebuild(): Promise<void> {
    this.#wing?.close();
    this.#forget();
  }

  /** Ends all executors and takes the wall down; nothing can be spawned afterwards. */
  killAll(): void {
    this.#isClosed = true;
    void this.rebuild();
  }

  async #getWing(): Promise<Wing> {
    if (this.#wing?.isAlive) return this.#wing;
    // Executors are asked for in parallel, one for each core: they share one wing.
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return await this.#opening;
  }

  async #open(): Promise<Wing> {
    this.#forget();
    const id = this.#nextId();
    const { port1: pace, port2: orders } = new MessageChannel();
    const { wing, port } = await openWing(SANDBOXES.executor, id, orders);
    if (this.#isClosed) {
      wing.close();
      throw new Error("The sandbox was closed.");
    }
    this.#wing = wing;
    this.#spare = this.#watch(wing, { id, port, pace });
    this.#onWall(wing.wall);
    return wing;
  }

  async #make(wing: Wing): Promise<Executor> {
    const id = this.#nextId();
    const { port1: pace, port2: orders } = new MessageChannel();
    return this.#watch(wing, { id, port: await wing.spawn(id, orders), pace });
  }

  #watch(wing: Wing, made: Omit<Executor, "lost">): Executor {
    const { port1: lost, port2: bell } = new MessageChannel();
    this.#wingOf.set(made.id, wing);
    void wing.gone.then(() => bell.postMessage(null));
    return { ...made, lost };
  }

  #forget(): void {
    this.#wing = null;
    this.#spare = null;
    this.#wingOf.clear();
  }

  #nextId(): string {
    this.#spawned++;
    return `executor-${this.#spawned}`;
  }
}
