import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "#bench/trust/random.ts";

/** How often something happens to a request, as shares of all; what is left over passes. */
export type Weather = { delayed: number; duplicated: number; lostBefore: number; lostAfter: number; slow: number };

const WEATHERS = {
  clear: { delayed: 0, duplicated: 0, lostBefore: 0, lostAfter: 0, slow: 0 },
  fair: { delayed: 0.05, duplicated: 0.03, lostBefore: 0.01, lostAfter: 0.02, slow: 0.01 },
  stormy: { delayed: 0.3, duplicated: 0.15, lostBefore: 0.1, lostAfter: 0.15, slow: 0.05 },
} satisfies Record<string, Weather>;

/** Requests that wait this long are overtaken by later ones. */
const DELAY_MS_MAX = 1500;
const SLOW_PARTS = 4;
const SLOW_PART_MS = 250;
const UPSTREAM_MS_MAX = 40_000;
const FIND_UPSTREAM_MS_MAX = 5000;
const FIND_AGAIN_MS = 50;

type Fate = keyof Weather | "passed";
type Call = { incoming: IncomingMessage; body: Buffer };
type Answer = { status: number; headers: IncomingMessage["headers"]; body: Buffer };

/**
 * The way from everybody to the apps, which loses, doubles, delays and slows requests. Like any balancer it asks the next app when one refuses the connection,
 * and sends nothing new to one that is being drained.
 */
export class BadProxy {
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #random: Random;
  readonly #ports: readonly number[];
  readonly #drained = new Set<number>();
  #turn = 0;
  #isCut = false;
  weather: keyof typeof WEATHERS = "clear";
  readonly counts: Record<Fate, number> = { passed: 0, delayed: 0, duplicated: 0, lostBefore: 0, lostAfter: 0, slow: 0 };
  /** Requests that an app took and did not answer although it was only asked to end. */
  lostWhileDraining = 0;

  constructor(ports: readonly number[], random: Random) {
    this.#ports = ports;
    this.#random = random;
    this.#server = createServer((incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#agent.destroy();
  }

  /** From now on no connection is taken, and those that stand are broken, until it is set back. */
  set isCut(isCut: boolean) {
    this.#isCut = isCut;
    if (isCut) this.#server.closeAllConnections();
  }

  drain(port: number): void {
    this.#drained.add(port);
  }

  undrain(port: number): void {
    this.#drained.delete(port);
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (this.#isCut) return void outgoing.destroy();
    const fate = this.#drawFate();
    const lot = this.#random.next();
    this.counts[fate] += 1;
    const call = { incoming, body: await readAll(incoming) };
    if (fate === "lostBefore") return void outgoing.destroy();
    if (fate === "delayed") await sleep(lot * DELAY_MS_MAX);
    const asked = this.#ask(call, fate === "slow");
    if (fate === "duplicated") {
      // One copy's answer is as good as the other's; that one of them fails is noticed where it is waited for.
      asked.catch(() => undefined);
      await sleep(lot * lot * DELAY_MS_MAX);
      const [first, second] = await Promise.allSettled([asked, this.#ask(call, false)]);
      const chosen = lot < 0.5 ? second : first;
      return chosen.status === "fulfilled" ? reply(outgoing, chosen.value) : void outgoing.destroy();
    }
    const answer = await asked;
    if (fate === "lostAfter" || this.#isCut) return void outgoing.destroy();
    reply(outgoing, answer);
  }

  #drawFate(): Fate {
    let lot = this.#random.next();
    for (const [fate, share] of Object.entries(WEATHERS[this.weather]) as [keyof Weather, number][]) {
      lot -= share;
      if (lot < 0) return fate;
    }
    return "passed";
  }

  async #ask(call: Call, isSlow: boolean): Promise<Answer> {
    const untilMs = performance.now() + FIND_UPSTREAM_MS_MAX;
    for (;;) {
      const port = this.#nextPort();
      try {
        if (port !== null) return await this.#askOne(port, call, isSlow).catch((error: unknown) => this.#noteLost(port, error));
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
      if (performance.now() > untilMs) throw new Error("no app takes connections");
      await sleep(FIND_AGAIN_MS);
    }
  }

  #noteLost(port: number, error: unknown): never {
    if (this.#drained.has(port) && !isRefused(error)) this.lostWhileDraining += 1;
    throw error;
  }

  #nextPort(): number | null {
    const open = this.#ports.filter((port) => !this.#drained.has(port));
    this.#turn += 1;
    return open[this.#turn % open.length] ?? null;
  }

  async #askOne(port: number, { incoming, body }: Call, isSlow: boolean): Promise<Answer> {
    const { host: _host, connection: _connection, "transfer-encoding": _encoding, ...headers } = incoming.headers;
    const options = { host: "127.0.0.1", port, method: incoming.method, path: incoming.url, agent: this.#agent, timeout: UPSTREAM_MS_MAX };
    return await new Promise<Answer>((resolve, reject) => {
      const outgoing = request({ ...options, headers: { ...headers, "content-length": String(body.length) } }, (answer) => {
        readAll(answer).then((bytes) => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: bytes }), reject);
      });
      outgoing.on("error", reject);
      outgoing.on("timeout", () => outgoing.destroy(new Error("the app is silent")));
      if (isSlow) void sendSlowly(outgoing, body);
      else outgoing.end(body);
    });
  }
}

async function sendSlowly(outgoing: ReturnType<typeof request>, body: Buffer): Promise<void> {
  const step = Math.ceil(body.length / SLOW_PARTS);
  for (let at = 0; at < body.length && !outgoing.destroyed; at += step) {
    outgoing.write(body.subarray(at, at + step));
    await sleep(SLOW_PART_MS);
  }
  outgoing.end();
}

function reply(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const { connection: _connection, "keep-alive": _keepAlive, "transfer-encoding": _encoding, ...rest } = headers;
  outgoing.writeHead(status, { ...rest, "content-length": String(body.length) }).end(body);
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Nothing of the request was sent. A connection kept open that breaks at once may have been closed by an app that ends, but nobody can tell. */
function isRefused(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
}
