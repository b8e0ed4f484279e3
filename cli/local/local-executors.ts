import type { PrepareRequest, PrepareResult, RunShardRequest, ShardOutcome } from "#workers/executor/executor-contract.ts";
import type { PoolOutcome } from "#workers/volunteer/running/executor-pool.ts";
import { connect, type Live, within } from "#workers/volunteer/running/live-executor.ts";
import { NodeHost } from "../volunteer/node-host.ts";

const PREPARE_MS_MAX = 60_000;
/** What a run may take beyond its limit before its thread is ended. */
const GRACE_MS = 500;

/** One executor in a thread of this process, replaced when a program does not end or takes the thread with it. */
export class LocalExecutor {
  readonly #prepare: PrepareRequest;
  readonly #host = new NodeHost({ usesGpu: false });
  #live: Live | null = null;

  constructor(prepare: PrepareRequest) {
    this.#prepare = prepare;
  }

  /** Runs one shard; fails when the program is refused, with the reason. */
  async run(request: RunShardRequest, timeMsMax: number): Promise<PoolOutcome> {
    const startedAt = performance.now();
    this.#live ??= await this.#open();
    const outcome = await within<ShardOutcome>(timeMsMax + GRACE_MS, this.#live, this.#live.executor.run(request));
    if (typeof outcome !== "string") return outcome;
    await this.close();
    const durationMs = performance.now() - startedAt;
    if (outcome === "late") return { status: "timeout", stderr: "", durationMs };
    return { status: "crashed", message: "The thread ended.", stderr: "", durationMs, memoryBytesPeak: 0 };
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
    const prepared = await within<PrepareResult>(PREPARE_MS_MAX, live, live.executor.prepare(this.#prepare));
    if (typeof prepared === "object" && prepared.ok) return live;
    live.sayGone();
    await this.#host.kill(live.id);
    throw new Error(typeof prepared === "object" && !prepared.ok ? prepared.reason : "The program could not be prepared in time.");
  }
}
