import type { GrantId, JobId } from "#lib/domain/ids.ts";
import type { GrantView, ResultReport } from "#lib/protocol/exchange/exchange.ts";
import { createBackOff } from "../back-off.ts";
import { delay } from "../delay.ts";
import type { EngineReason } from "../engine-contract.ts";
import type { GrantBuffer, ShardRef } from "../exchange/grant-buffer.ts";
import type { Meter } from "../meter.ts";
import type { ResultLedger } from "../storage/result-ledger.ts";
import type { KeptResult } from "../storage/storage-contract.ts";
import type { LoadedShard, PoolOutcome, PoolSource } from "./executor-pool.ts";
import type { GpuWatch } from "./gpu-watch.ts";
import { GrantInput } from "./input-parts.ts";
import type { JobShelf } from "./job-shelf.ts";
import { composeRun, isLarge, reportOf } from "./shard-work.ts";
import type { Transfers } from "./transfers.ts";
import { composeWarmUp } from "./warm-up.ts";

const MIB = 1024 * 1024;
const UPLOAD_AGAIN = { baseMs: 1000, capMs: 30_000, random: Math.random };

export type ShardSourceOptions = {
  buffer: GrantBuffer;
  shelf: JobShelf;
  meter: Meter;
  transfers: Transfers;
  ledger: ResultLedger;
  /** Ends the wait for uploads that do not get through. */
  signal: AbortSignal;
  /** Whether a program has to be warmed up before its first shard on an executor. */
  warmsUp: boolean;
  /** Bound on the memory limits of the shards that run at once, in MiB; null is none. */
  memoryMib(): number | null;
  gpu: GpuWatch;
  /** What is held has changed. */
  onChange(): void;
  /** A job's mean time per shard has changed. */
  onTiming(jobId: JobId): void;
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

  expectNext(): { jobId: JobId; expectedMs: number } | null {
    const jobId = this.#options.buffer.nextJob();
    return jobId && { jobId, expectedMs: this.expectedMs(jobId) };
  }

  expectedMs(jobId: JobId): number {
    return this.#options.meter.paceOf(jobId)?.msPerShard ?? 0;
  }

  takeNext(prefers: (jobId: JobId) => boolean): ShardRef | null {
    const { buffer, onChange } = this.#options;
    const shard = buffer.takeNext(prefers, (jobId) => this.#fits(jobId));
    if (shard) onChange();
    return shard;
  }

  async load(shard: ShardRef): Promise<LoadedShard | null> {
    const { buffer, shelf, warmsUp } = this.#options;
    const view = buffer.find(shard.grantId);
    if (!view) return null;
    try {
      this.#refuseTooLarge(shard.jobId);
      const input = this.#inputOf(view);
      const [prepare, stdin] = await Promise.all([shelf.load(shard.jobId), input?.take(shard.no) ?? new Uint8Array()]);
      const job = shelf.find(shard.jobId);
      if (!job) return null;
      const manifest = { ...job, file: input?.nameOf(shard.no) };
      const warmUp = warmsUp && manifest.runtime === "wasi" ? composeWarmUp(manifest, shard.no, stdin) : null;
      return { prepare, run: composeRun(manifest, shard.no, stdin), timeMsMax: manifest.limits.timeMsMax, warmUp };
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
    const { buffer, meter, ledger, onChange, onTiming } = this.#options;
    if (!buffer.find(shard.grantId)) return;
    const report = reportOf(shard.no, outcome);
    const stored = isLarge(outcome) ? await this.#upload(shard, outcome) : report;
    if (!stored) return;
    await ledger.keep(shard, stored, null);
    if (!buffer.finish(shard, stored, performance.now())) return await ledger.forget(shard);
    meter.addFinished(Date.now());
    if (stored.outcome !== "ok") meter.counts.failed++;
    const isTiming = outcome.status !== "crashed" && outcome.status !== "timeout" && outcome.status !== "out_of_memory";
    if (isTiming && !isFirstRun) {
      meter.addTiming(shard.jobId, outcome.durationMs);
      onTiming(shard.jobId);
    }
    onChange();
  }

  onFailed(reason: string): void {
    this.#options.onFailed({ code: "executors_failed", params: { reason }, message: `This machine cannot run shards: ${reason}` });
  }

  /** Reports what an earlier life finished; outputs that it did not upload go first. */
  async restore(kept: readonly KeptResult[]): Promise<void> {
    const { buffer, ledger, onChange } = this.#options;
    const byGrant = Map.groupBy(kept, (each) => each.grantId);
    for (const [grantId, all] of byGrant) {
      const ready: ResultReport[] = [];
      for (const { result, upload } of all) {
        const state = upload ? await this.#send(upload.url, upload.bytes, () => true) : "stored";
        if (state === "stored") ready.push(result);
        else if (state !== "ended") await ledger.forget({ grantId, no: result.no });
      }
      const jobId = all[0]?.jobId;
      if (jobId && ready.length > 0) buffer.restore({ jobId, grantId }, ready, performance.now());
      onChange();
    }
  }

  /** The report once the output is stored; null when the instance does not want it and the grant goes back, or when nobody waits for it any more. */
  async #upload(shard: ShardRef, outcome: Extract<PoolOutcome, { status: "ok" }>): Promise<ResultReport | null> {
    const { buffer, ledger, onChange } = this.#options;
    const view = buffer.find(shard.grantId);
    if (!view) return null;
    const report = reportOf(shard.no, outcome);
    const url = view.outputUrl.replace("{sha256}", outcome.outputSha256);
    await ledger.keep(shard, report, { url, bytes: outcome.output });
    const state = await this.#send(url, outcome.output, () => buffer.find(shard.grantId) !== null);
    if (state === "stored") return report;
    if (state === "too_large") {
      const { stderr, durationMs, memoryBytesPeak } = outcome;
      return reportOf(shard.no, { status: "output_limit", stderr, durationMs, memoryBytesPeak });
    }
    // Kept for the next life where this one ends; else nobody wants it.
    if (state === "refused") {
      await ledger.forget(shard);
      buffer.handBack(shard.grantId);
      onChange();
    }
    return null;
  }

  /** Uploads for as long as it takes and somebody waits for it. */
  async #send(url: string, bytes: Uint8Array<ArrayBuffer>, isWanted: () => boolean): Promise<"stored" | "too_large" | "refused" | "ended"> {
    const { transfers, signal } = this.#options;
    const backOff = createBackOff(UPLOAD_AGAIN);
    while (!signal.aborted && isWanted()) {
      const state = await transfers.upload(url, bytes);
      if (state !== "unreachable") return state;
      await delay(backOff.nextMs(), signal);
    }
    return "ended";
  }

  /** Whether the limits of what runs and of one more shard of the job stay below what the volunteer gives. A job that never fits is found out by loading it. */
  #fits(jobId: JobId): boolean {
    const { buffer, shelf, memoryMib } = this.#options;
    const bytesMax = (memoryMib() ?? Number.POSITIVE_INFINITY) * MIB;
    const limitOf = (id: JobId) => shelf.find(id)?.limits.memoryBytesMax ?? 0;
    const runningBytes = buffer.countHeld().reduce((sum, held) => sum + held.running * limitOf(held.jobId), 0);
    return runningBytes === 0 || runningBytes + limitOf(jobId) <= bytesMax;
  }

  #refuseTooLarge(jobId: JobId): void {
    const { shelf, memoryMib } = this.#options;
    const givenMib = memoryMib();
    const neededMib = Math.ceil((shelf.find(jobId)?.limits.memoryBytesMax ?? 0) / MIB);
    if (givenMib !== null && neededMib > givenMib) throw new Error(`a shard may need ${neededMib} MiB of memory, and this device gives ${givenMib} MiB.`);
  }

  /** Nothing is known of the shard: it goes back. Where the GPU is left alone from now on, everything else that needs it goes back too. */
  #onGpuLost(shard: ShardRef): void {
    const { buffer, shelf, gpu, onChange } = this.#options;
    const nowMs = performance.now();
    gpu.noteLost(nowMs);
    buffer.handBack(shard.grantId);
    const kernels = gpu.isOn(nowMs) ? [] : buffer.countHeld().filter(({ jobId }) => shelf.find(jobId)?.runtime === "wgsl");
    for (const { jobId } of kernels) for (const grantId of buffer.grantsOf(jobId)) buffer.handBack(grantId);
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
