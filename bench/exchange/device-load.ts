import { hash } from "node:crypto";
import { Agent, request } from "node:http";
import type { JobId } from "#lib/domain/ids.ts";
import type { ExchangeInput, ExchangeOutput, GrantView, ResultReport } from "#lib/protocol/exchange/exchange.ts";
import { PROTOCOL_VERSION } from "#lib/protocol/version.ts";

const OUTPUT_BYTES = 64;
/** Short enough that no grant is cut for the age of a session. */
const BATCH_TIME_MS = 4000;
/** How long a device waits when there was nothing for it: the bench asks again sooner than a volunteer would. */
const IDLE_MS = 2;

export type LoadTarget = { url: string; token: string; jobIds: readonly JobId[] };

/** The output every device computes for a shard, 64 bytes of text. */
export function outputOf(jobId: JobId, no: number): string {
  return `${jobId},${no},`.padEnd(OUTPUT_BYTES - 1, "x").concat("\n");
}

/**
 * One volunteer on one kept-alive connection, whose shards cost nothing: each exchange reports the grants of the last one and asks for the next. The size
 * of its grants follows from the pace it says it measured.
 */
export class DeviceLoad {
  readonly #target: LoadTarget;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #constant: Pick<ExchangeInput, "version" | "want" | "cores" | "measured" | "knownJobs" | "running" | "abandoned">;
  #seq = 0;
  #held: GrantView[] = [];
  /** Results that the server acknowledged as taken. */
  reported = 0;
  /** Duration of each exchange that carried results, in milliseconds. */
  readonly latenciesMs: number[] = [];

  constructor(target: LoadTarget, batch: number) {
    this.#target = target;
    const jobIds = [...target.jobIds];
    this.#constant = {
      version: PROTOCOL_VERSION,
      want: { shardsMax: 1024, timeMs: BATCH_TIME_MS },
      cores: 1,
      measured: jobIds.map((jobId) => ({ jobId, msPerShard: BATCH_TIME_MS / batch, count: 1000 })),
      knownJobs: jobIds,
      running: [],
      abandoned: [],
    };
  }

  /** Exchanges until told to stop, then reports what it holds and closes its connection. */
  async run(isOver: () => boolean): Promise<void> {
    try {
      while (!isOver()) {
        await this.#exchange(this.#constant.want);
        if (this.#held.length === 0) await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      }
      await this.#exchange({ shardsMax: 0, timeMs: 0 });
    } finally {
      this.#agent.destroy();
    }
  }

  async #exchange(want: ExchangeInput["want"]): Promise<void> {
    this.#seq += 1;
    const reports = this.#held.map(reportOf);
    const body = JSON.stringify({ ...this.#constant, want, seq: this.#seq, reports } satisfies ExchangeInput);
    const startedMs = performance.now();
    const answer = await this.#post(body);
    if (reports.length > 0) this.latenciesMs.push(performance.now() - startedMs);
    for (const ack of answer.acks) if (ack.state !== "taken" || ack.refused) throw new Error(`A report was not taken: ${JSON.stringify(ack)}`);
    if (answer.acks.length !== reports.length) throw new Error(`${reports.length} reports got ${answer.acks.length} acknowledgements.`);
    this.reported += reports.reduce((sum, report) => sum + report.results.length, 0);
    this.#held = answer.grants;
  }

  async #post(body: string): Promise<ExchangeOutput> {
    const headers = { "content-type": "application/json", authorization: `Bearer ${this.#target.token}`, "content-length": Buffer.byteLength(body) };
    const text = await new Promise<string>((resolve, reject) => {
      const outgoing = request(`${this.#target.url}/api/v1/exchange`, { method: "POST", agent: this.#agent, headers }, (incoming) => {
        let received = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => {
          received += chunk;
        });
        incoming.on("error", reject);
        incoming.on("end", () =>
          incoming.statusCode === 200 ? resolve(received) : reject(new Error(`An exchange ended with ${incoming.statusCode}: ${received}`)),
        );
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
    return JSON.parse(text) as ExchangeOutput;
  }
}

function reportOf(grant: GrantView): ExchangeInput["reports"][number] {
  const { jobId, grantId, fromNo, toNo } = grant;
  return { jobId, grantId, results: Array.from({ length: toNo - fromNo }, (_, i) => resultOf(jobId, fromNo + i)) };
}

function resultOf(jobId: JobId, no: number): ResultReport {
  const output = outputOf(jobId, no);
  return { no, outcome: "ok", digest: hash("sha256", output), output: Buffer.from(output).toString("base64"), durationMs: 1 };
}
