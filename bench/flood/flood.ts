import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const ADDRESS = "198.51.100.66";
const RETRY_MS = 10;
const TOO_MANY = 429;

/** One address that sends requests on many connections, each as fast as the one before is answered, from `begin()` until `end()`. */
export class Flood {
  readonly #url: string;
  readonly #connections: number;
  #isOver = false;
  #running: Promise<unknown> = Promise.resolve();
  #firstRefusalMs: number | null = null;
  answered = 0;
  refused = 0;

  constructor(url: string, connections: number) {
    this.#url = url;
    this.#connections = connections;
  }

  begin(): void {
    this.#running = Promise.all(Array.from({ length: this.#connections }, async () => await this.#send()));
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  /** How often it was refused each second since it first was. */
  refusalsPerS(): number {
    return this.#firstRefusalMs === null ? 0 : this.refused / ((performance.now() - this.#firstRefusalMs) / 1000);
  }

  async #send(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!this.#isOver) {
      const status = await sendOne(this.#url, agent).catch(async () => {
        await sleep(RETRY_MS);
        return 0;
      });
      if (status > 0) this.answered += 1;
      if (status !== TOO_MANY) continue;
      this.#firstRefusalMs ??= performance.now();
      this.refused += 1;
    }
    agent.destroy();
  }
}

async function sendOne(url: string, agent: Agent): Promise<number> {
  return await new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", authorization: "Bearer nothing", "x-forwarded-for": ADDRESS };
    const outgoing = request(`${url}/api/v1/exchange`, { method: "POST", agent, headers }, (incoming) => {
      incoming.resume().on("end", () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.on("error", reject);
    outgoing.end("{}");
  });
}
