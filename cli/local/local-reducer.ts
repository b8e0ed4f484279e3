import { REDUCER_FILES, REDUCER_LIMITS } from "#lib/domain/errand/errand.ts";
import { type OutputFormat, STDERR_BYTES_MAX } from "#lib/domain/job/job.ts";
import { fillArguments } from "#lib/domain/program/argv.ts";
import { createConcat } from "#lib/domain/reduce/concat.ts";
import { STEP_LIMITS } from "#lib/domain/reduce/plan-step.ts";
import { sha256Hex } from "#lib/hash/sha256.ts";
import type { PrepareRequest } from "#workers/executor/executor-contract.ts";
import { UsageError } from "../terminal.ts";
import { LocalExecutor } from "./local-executors.ts";

type Given = { prepare: PrepareRequest; args: readonly string[]; seed: string; format: OutputFormat };

/** An owner's reducer on this machine: takes outputs in shard order and runs in steps as a trusted device does. Fails with how the program ended where that is not well. */
export class LocalReducer {
  readonly #given: Given;
  #state: Uint8Array<ArrayBuffer> = new Uint8Array();
  #concat: ReturnType<typeof createConcat>;
  #parts: Uint8Array[] = [];
  #shards = 0;
  #bytes = 0;

  constructor(given: Given) {
    this.#given = given;
    this.#concat = createConcat(given.format);
  }

  async add(_no: number, output: Uint8Array): Promise<Uint8Array[]> {
    if (this.#shards > 0 && (this.#bytes + output.length > STEP_LIMITS.bytesMax || this.#shards === STEP_LIMITS.shardsMax)) await this.#step();
    this.#parts.push(...this.#concat.push(output), ...this.#concat.endShard());
    this.#shards += 1;
    this.#bytes += output.length;
    return [];
  }

  /** What the program wrote last; nothing where there was no output. */
  async end(): Promise<Uint8Array[]> {
    if (this.#shards > 0) await this.#step();
    return [this.#state];
  }

  async #step(): Promise<void> {
    const stdin = new Uint8Array(Buffer.concat([...this.#parts, ...this.#concat.end()]));
    [this.#parts, this.#shards, this.#bytes] = [[], 0, 0];
    this.#concat = createConcat(this.#given.format);
    const { prepare, args, seed } = this.#given;
    const filled = fillArguments(args, {});
    if (!filled.ok) throw new UsageError(`reducer.args: ${filled.problem.message}`);
    const state = { name: REDUCER_FILES.state, bytes: this.#state, sha256: sha256Hex(this.#state) };
    const executor = new LocalExecutor({ ...prepare, files: [...prepare.files, state] });
    try {
      const limits = { outputBytesMax: REDUCER_LIMITS.outputBytesMax, stderrBytesMax: STDERR_BYTES_MAX };
      const request = { jobId: prepare.jobId, args: filled.args, env: { SHOAL_SEED: seed }, stdin, seed: BigInt(seed), limits };
      const outcome = await executor.run(request, REDUCER_LIMITS.timeMsMax);
      if (outcome.status !== "ok" && outcome.status !== "no_output") throw new Error(`The reducer ended with ${outcome.status}: ${outcome.stderr.trim()}`);
      this.#state = outcome.status === "ok" ? new Uint8Array(outcome.output) : new Uint8Array();
    } finally {
      await executor.close();
    }
  }
}
