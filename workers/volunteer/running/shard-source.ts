import type { GrantId, JobId } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import type { EngineReason } from "../engine-contract.ts";
import type { GrantBuffer, ShardRef } from "../exchange/grant-buffer.ts";
import type { Meter } from "../meter.ts";
import type { PoolOutcome, PoolSource } from "./executor-pool.ts";
import type { GpuWatch } from "./gpu-watch.ts";
import { GrantInput } from "./input-parts.ts";
import type { JobShelf } from "./job-shelf.ts";
import { composeRun, isLarge, reportOf } from "./shard-work.ts";
import type { Transfers } from "./transfers.ts";

export type ShardSourceOptions = {
  buffer: GrantBuffer;
  shelf: JobShelf;
  meter: Meter;
  transfers: Transfers;
  gpu: GpuWatch;
  /** What is held has changed. */
  onChange(): void;
  /** A job cannot be run here; its grants are marked to be handed back. */
  onUnusable(reason: EngineReason): void;
  onFailed(reason: EngineReason): void;
};

/** Feeds the executors from what is held, and turns how shards ended into results. */
export class ShardSource implements PoolSource {
  readonly #options: ShardSourceOptions;
  readonly #inputs = new Map<GrantId, GrantInput>();

  constructor(options: ShardSourceOptions) {
    this.#options = options;
  }

  /** Begins to fetch what a new grant needs while others compute. */
  warm(grant: GrantView): void {
    this.#inputOf(grant)?.warm();
    // A failure shows again, and is dealt with, when the first shard is loaded.
    this.#options.shelf.load(grant.jobId).catch(() => null);
  }

  /** Forgets the inputs of grants that have ended. */
  trim(): void {
    for (const grantId of this.#inputs.keys()) if (!this.#options.buffer.find(grantId)) this.#inputs.delete(grantId);
  }

  takeNext(prefers: (jobId: JobId) => boolean): ShardRef | null {
    const shard = this.#options.buffer.takeNext(prefers);
    if (shard) this.#options.onChange();
    return shard;
  }

  async load(shard: ShardRef): ReturnType<PoolSource["load"]> {
    const { buffer, shelf } = this.#options;
    const view = buffer.find(shard.grantId);
    if (!view) return null;
    try {
      const [prepare, stdin] = await Promise.all([shelf.load(shard.jobId), this.#inputOf(view)?.take(shard.no) ?? new Uint8Array()]);
      const manifest = shelf.find(shard.jobId);
      if (!manifest) return null;
      return { prepare, run: composeRun(manifest, shard.no, stdin), timeMsMax: manifest.limits.timeMsMax };
    } catch (error) {
      this.#giveUp(shard.jobId, error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  onRefused(shard: ShardRef, reason: string): void {
    this.#giveUp(shard.jobId, reason);
  }

  async onOutcome(shard: ShardRef, outcome: PoolOutcome, isFirstRun: boolean): Promise<void> {
    if (outcome.status === "gpu_lost") return this.#onGpuLost(shard);
    const { buffer, meter, onChange } = this.#options;
    const uploaded = isLarge(outcome) ? await this.#upload(shard, outcome) : outcome;
    if (!uploaded || !buffer.finish(shard, reportOf(shard.no, uploaded), performance.now())) return;
    meter.addFinished(Date.now());
    if (uploaded.status !== "ok") meter.counts.failed++;
    const isTiming = uploaded.status !== "crashed" && uploaded.status !== "timeout" && uploaded.status !== "out_of_memory";
    if (isTiming && !isFirstRun) meter.addTiming(shard.jobId, uploaded.durationMs);
    onChange();
  }

  onFailed(reason: string): void {
    this.#options.onFailed({ code: "executors_failed", params: { reason }, message: `This machine cannot run shards: ${reason}` });
  }

  /** The outcome once its output is stored; null when it could not be stored and the grant goes back. */
  async #upload(shard: ShardRef, outcome: Extract<PoolOutcome, { status: "ok" }>): Promise<PoolOutcome | null> {
    const { buffer, transfers, onChange } = this.#options;
    const view = buffer.find(shard.grantId);
    if (!view) return null;
    const state = await transfers.upload(view.outputUrl.replace("{sha256}", outcome.outputSha256), outcome.output);
    if (state === "stored") return outcome;
    const { stderr, durationMs, memoryBytesPeak } = outcome;
    if (state === "too_large") return { status: "output_limit", stderr, durationMs, memoryBytesPeak };
    buffer.handBack(shard.grantId);
    onChange();
    return null;
  }

  /** Nothing is known of the shard: it goes back, as what else this device holds of the job does when it asks no more. */
  #onGpuLost(shard: ShardRef): void {
    const { buffer, gpu, onChange } = this.#options;
    gpu.noteLost(performance.now());
    buffer.handBack(shard.grantId);
    onChange();
  }

  #inputOf(view: GrantView): GrantInput | null {
    if (!view.input) return null;
    const known = this.#inputs.get(view.grantId);
    if (known) return known;
    const input = new GrantInput({ fromNo: view.fromNo, input: view.input }, this.#options.transfers.fetchRange);
    this.#inputs.set(view.grantId, input);
    return input;
  }

  #giveUp(jobId: JobId, problem: string): void {
    const { buffer, shelf, onUnusable } = this.#options;
    const name = shelf.find(jobId)?.name ?? jobId;
    shelf.forget(jobId);
    for (const grantId of buffer.grantsOf(jobId)) buffer.handBack(grantId);
    onUnusable({ code: "job_unusable", params: { name, problem }, message: `“${name}” cannot be run here: ${problem}` });
  }
}
