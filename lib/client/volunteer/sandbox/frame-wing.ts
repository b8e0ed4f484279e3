import type { FrameNews, FrameOrder } from "#workers/sandbox/frame-contract.ts";
import type { Wing } from "./wall.ts";

/** A document of a hundred kilobytes that is always fetched anew. */
const READY_MS_MAX = 10_000;
/** A worker starts within 70 ms on an idle machine; ended ones may still hold its cores for two seconds. */
const SPAWN_MS_MAX = 5000;
const PING_EVERY_MS = 1000;
/** One late answer can be a tab that slept; two in a row are a frame whose thread or process is gone. */
const PINGS_UNANSWERED_MAX = 2;

/** This browser cannot hold executors in the frame; says why. */
export class FrameUnsupported extends Error {
  override name = "FrameUnsupported";
}

type Spawning = { resolve(): void; reject(error: Error): void };

/**
 * The frame of opaque origin that holds executors as `data:` workers, in a process of its own where the browser does that. The page only gives orders: what an
 * executor says goes through its port, past page and frame. A frame that stops answering is removed with everything in it.
 */
export class FrameWing implements Wing {
  readonly wall = "frame";
  readonly gone: Promise<void>;
  readonly #element: HTMLIFrameElement;
  readonly #ready = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<void>();
  readonly #spawning = new Map<string, Spawning>();
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #pings = { sent: 0, answered: 0 };
  #isAlive = true;

  /** Opens the frame at this address. Throws `FrameUnsupported` where its script cannot run behind its wall, another error where it cannot be loaded. */
  static async open(url: string): Promise<FrameWing> {
    const wing = new FrameWing(url);
    try {
      await wing.#opened(url);
      return wing;
    } catch (error) {
      wing.close();
      throw error;
    }
  }

  private constructor(url: string) {
    this.gone = this.#gone.promise;
    this.#element = document.createElement("iframe");
    this.#element.setAttribute("sandbox", "allow-scripts");
    this.#element.hidden = true;
    this.#element.title = "Shoal sandbox";
    this.#element.src = url;
    addEventListener("message", this.#onMessage);
    document.body.append(this.#element);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  async spawn(id: string, pace?: MessagePort): Promise<MessagePort> {
    const { port1, port2 } = new MessageChannel();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#spawning.set(id, { resolve, reject });
    const timer = setTimeout(() => reject(new Error("The sandbox does not answer.")), SPAWN_MS_MAX);
    try {
      this.#order({ op: "spawn", id }, pace ? [port2, pace] : [port2]);
      await promise;
      return port1;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#spawning.delete(id);
    }
  }

  kill(id: string): void {
    this.#order({ op: "kill", id });
  }

  close(): void {
    this.#isAlive = false;
    clearInterval(this.#heartbeat);
    removeEventListener("message", this.#onMessage);
    this.#element.remove();
    this.#gone.resolve();
    for (const { reject } of this.#spawning.values()) reject(new Error("The sandbox was closed."));
  }

  async #opened(url: string): Promise<void> {
    const timer = setTimeout(() => this.#ready.reject(new Error("The sandbox did not start.")), READY_MS_MAX);
    try {
      await this.#ready.promise;
    } catch (error) {
      // A document that arrives and stays silent cannot run here; one that does not arrive says nothing about the browser.
      if ((await fetch(url, { cache: "no-store" })).ok) throw new FrameUnsupported("The sandbox's script does not run in this browser.");
      throw error;
    } finally {
      clearTimeout(timer);
    }
    this.#heartbeat = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  #ping(): void {
    const unanswered = this.#pings.sent - this.#pings.answered;
    this.#pings.sent++;
    if (unanswered >= PINGS_UNANSWERED_MAX) this.close();
    else this.#order({ op: "ping", no: this.#pings.sent });
  }

  #order(order: FrameOrder, ports: MessagePort[] = []): void {
    // The frame has no origin that could be named; who it is, its place in this document says.
    this.#element.contentWindow?.postMessage(order, "*", ports);
  }

  readonly #onMessage = ({ source, origin, data }: MessageEvent<FrameNews>): void => {
    if (source === null || source !== this.#element.contentWindow) return;
    if (origin === "null") this.#hear(data);
    else this.#ready.reject(new FrameUnsupported("This browser gives the sandbox the origin of the page."));
  };

  #hear(news: FrameNews): void {
    if (news.op === "ready") this.#ready.resolve();
    else if (news.op === "spawned") this.#spawning.get(news.id)?.resolve();
    else if (news.op === "failed") this.#spawning.get(news.id)?.reject(new FrameUnsupported(news.reason));
    else if (news.op === "pong") this.#pings.answered = news.no;
  }
}
