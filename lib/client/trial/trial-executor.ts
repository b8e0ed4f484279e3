import { transfer } from "comlink";
import type { PrepareRequest, PrepareResult, RunShardRequest, ShardOutcome } from "#workers/executor/executor-contract.ts";
import type { ExecutorHost } from "#workers/volunteer/engine-contract.ts";
import { connect, type Live, within } from "#workers/volunteer/running/live-executor.ts";
import type { TrialOutcome } from "./trial-outcome.ts";

const PREPARE_DEADLINE_MS = 60_000;
/** What a run may take beyond its limit before it is ended: the message, the copy of its input, the timer. */
const GRACE_MS = 500;

/** The program could not be prepared: why, in words. */
class TrialRefused extends Error {
  override name = "TrialRefused";
}

/** One executor of the sandbox that runs shards of one program; it is replaced when a run overruns its limit or dies. */
export class TrialExecutor {
  readonly #host: ExecutorHost;
  readonly #prepare: PrepareRequest;
  #live: Live | null = null;

  constructor(host: ExecutorHost, prepare: PrepareRequest) {
    this.#host = host;
    this.#prepare = prepare;
  }

  /** Runs one shard in a fresh instance. Throws `TrialRefused` where the program cannot be prepared. */
  async run(request: RunShardRequest & { stdin: Uint8Array<ArrayBuffer> }, timeMsMax: number): Promise<TrialOutcome> {
    const live = this.#live ?? (await this.#open());
    const startedAt = performance.now();
    const outcome = await within<ShardOutcome>(timeMsMax + GRACE_MS, live, live.executor.run(transfer(request, [request.stdin.buffer])));
    if (outcome !== "gone" && outcome !== "late") return outcome;
    await this.close();
    const durationMs = performance.now() - startedAt;
    if (outcome === "late") return { status: "timeout", stderr: "", durationMs };
    return { status: "crashed", message: "The sandbox ended while it ran the shard.", stderr: "", durationMs, memoryBytesPeak: 0 };
  }

  async close(): Promise<void> {
    const live = this.#live;
    this.#live = null;
    if (!live) return;
    live.sayGone();
    await this.#host.kill(live.id);
  }

  async #open(): Promise<Live> {
    const live = connect(await this.#host.spawn());
    this.#live = live;
    const answer = await within<PrepareResult>(PREPARE_DEADLINE_MS, live, live.executor.prepare(this.#prepare));
    if (answer !== "gone" && answer !== "late" && answer.ok) return live;
    await this.close();
    throw new TrialRefused(typeof answer === "string" ? "The sandbox does not answer." : answer.ok ? "" : answer.reason);
  }
}
