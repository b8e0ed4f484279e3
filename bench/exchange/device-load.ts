import { hash } from "node:crypto";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { JobId } from "#lib/domain/ids.ts";
import type { ExchangeInput, ExchangeOutput, GrantView, ResultReport } from "#lib/protocol/exchange/exchange.ts";
import { PROTOCOL_VERSION } from "#lib/protocol/version.ts";

const OUTPUT_BYTES = 64;
/** Short enough that no grant is cut for the age of a session. */
const BATCH_TIME_MS = 4000;
/** How long a device waits when there was nothing for it: the bench asks again sooner than a volunteer would. */
const IDLE_MS = 2;
/** As many jobs as an exchange may name with their pace; a device knows no more, the youngest. */
const KNOWN_JOBS_MAX = 16;
const RETRY_MS = 50;
const ATTEMPTS_MAX = 400;

export type LoadTarget = {
  /** Answers in the place of the doors, without HTTP. */
  call?: (input: ExchangeInput) => Promise<ExchangeOutput>;
  /** Doors of one instance, which are asked in turn. */
  urls: readonly string[];
  token: string;
  jobIds: readonly JobId[];
  /** Shards of a grant. */
  batch: number;
  /** How many shards a device takes of a job that it does not know. */
  cores?: number;
  /** Whether a request that got no answer is sent again, the same one, to the next door: what a volunteer does. */
  retries?: boolean;
  /** Where a trusted proxy says that it comes from. */
  address?: string;
  /** What it says that a shard of a job took, in milliseconds. */
  durationMsOf?: (jobId: JobId) => number;
};

/** The output every device computes for a shard, 64 bytes of text. */
export function outputOf(jobId: JobId, no: number): string {
  return `${jobId},${no},`.padEnd(OUTPUT_BYTES - 1, "x").concat("\n");
}

/**
 * One volunteer on one kept-alive connection to each door, whose shards cost nothing: each exchange reports the grants of the last one and asks for the next. The size
 * of its grants follows from the pace it says it measured. Of few jobs it knows all from the beginning, of many those it computed last.
 */
export class DeviceLoad {
  readonly #target: LoadTarget;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #constant: Pick<ExchangeInput, "version" | "want" | "cores" | "running" | "abandoned">;
  #knownJobs: JobId[];
  #seq = 0;
  #held: GrantView[] = [];
  /** Results that the server acknowledged as taken. */
  reported = 0;
  /** Duration of each exchange that carried results, in milliseconds. */
  readonly latenciesMs: number[] = [];

  constructor(target: LoadTarget) {
    this.#target = target;
    this.#knownJobs = target.jobIds.length <= KNOWN_JOBS_MAX ? [...target.jobIds] : [];
    this.#constant = {
      version: PROTOCOL_VERSION,
      want: { shardsMax: 1024, timeMs: BATCH_TIME_MS },
      cores: target.cores ?? 1,
      running: [],
      abandoned: [],
    };
  }

  /** Exchanges until told to stop, then reports what it holds and closes its connection. `everyMs` lie between two exchanges. */
  async run(isOver: () => boolean, everyMs = 0): Promise<void> {
    try {
      while (!isOver()) {
        await this.#exchange(this.#constant.want);
        if (everyMs > 0) await sleep(everyMs);
        else if (this.#held.length === 0) await sleep(IDLE_MS);
      }
      await this.#exchange({ shardsMax: 0, timeMs: 0 });
    } finally {
      this.#agent.destroy();
    }
  }

  async #exchange(want: ExchangeInput["want"]): Promise<void> {
    this.#seq += 1;
    const reports = this.#held.map((grant) => this.#reportOf(grant));
    const { batch, cores = 1 } = this.#target;
    const measured = this.#knownJobs.map((jobId) => ({ jobId, msPerShard: (BATCH_TIME_MS * cores) / batch, count: 1000 }));
    const input = { ...this.#constant, measured, knownJobs: this.#knownJobs, want, seq: this.#seq, reports } satisfies ExchangeInput;
    const startedMs = performance.now();
    const answer = this.#target.call ? await this.#target.call(input) : await this.#send(JSON.stringify(input));
    if (reports.length > 0) this.latenciesMs.push(performance.now() - startedMs);
    for (const ack of answer.acks) if (ack.state !== "taken" || ack.refused) throw new Error(`A report was not taken: ${JSON.stringify(ack)}`);
    if (answer.acks.length !== reports.length) throw new Error(`${reports.length} reports got ${answer.acks.length} acknowledgements.`);
    this.reported += reports.reduce((sum, report) => sum + report.results.length, 0);
    this.#held = answer.grants;
    this.#knownJobs = [...new Set([...answer.grants.map((grant) => grant.jobId), ...this.#knownJobs])].slice(0, KNOWN_JOBS_MAX);
  }

  async #send(body: string): Promise<ExchangeOutput> {
    const { urls, retries = false } = this.#target;
    for (let attempt = 0; ; attempt++) {
      const url = urls[(this.#seq + attempt) % urls.length] ?? "";
      try {
        return await this.#post(url, body);
      } catch (error) {
        if (!retries || attempt === ATTEMPTS_MAX) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  async #post(url: string, body: string): Promise<ExchangeOutput> {
    const headers = {
      "content-type": "application/json",
      authorization: `Bearer ${this.#target.token}`,
      "content-length": Buffer.byteLength(body),
      ...(this.#target.address ? { "x-forwarded-for": this.#target.address } : {}),
    };
    const text = await new Promise<string>((resolve, reject) => {
      const outgoing = request(`${url}/api/v1/exchange`, { method: "POST", agent: this.#agent, headers }, (incoming) => {
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

  #reportOf(grant: GrantView): ExchangeInput["reports"][number] {
    const { jobId, grantId, fromNo, toNo } = grant;
    const durationMs = this.#target.durationMsOf?.(jobId) ?? 1;
    return { jobId, grantId, results: Array.from({ length: toNo - fromNo }, (_, i) => resultOf(jobId, fromNo + i, durationMs)) };
  }
}

function resultOf(jobId: JobId, no: number, durationMs: number): ResultReport {
  const output = outputOf(jobId, no);
  return { no, outcome: "ok", digest: hash("sha256", output), output: Buffer.from(output).toString("base64"), durationMs };
}
