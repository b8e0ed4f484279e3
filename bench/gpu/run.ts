import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { commands } from "@yowasp/clang";
import { type BenchRow, medianOf, printReport } from "#bench/report.ts";
import { NodeHost } from "#cli/volunteer/node-host.ts";
import { outputDistance } from "#lib/domain/compare/output-distance.ts";
import type { KernelManifest } from "#lib/domain/kernel/kernel-manifest.ts";
import { fillArguments } from "#lib/domain/program/argv.ts";
import { shardRange } from "#lib/domain/slicing/range.ts";
import { jobFile } from "#lib/protocol/jobs/job-json.ts";
import type { PrepareRequest, ShardOutcome } from "#workers/executor/executor-contract.ts";
import { connect, type Live } from "#workers/volunteer/running/live-executor.ts";

/*
 * The kernels of the examples on this machine's GPU, beside the same computation as a WASI program on one core: the median time of a shard. Each pair of outputs is
 * compared first, so that two different computations are never set against each other. Without an adapter there is nothing to measure, and it says so.
 */
const KERNELS = [
  { name: "mandelbrot", distanceMax: 0 },
  { name: "nbody", distanceMax: 1 },
] as const;
const CLOSE = { kind: "numeric", elements: "f32", absolute: 0.001, relative: 0, ulp: 0 } as const;
const ROOT = join(import.meta.dirname, "..", "..");
const LIMITS = { outputBytesMax: 1 << 20, stderrBytesMax: 1024 };

const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, shards: { type: "string", default: "5" } } });
const shards = Number(values.shards);
if (!(Number.isInteger(shards) && shards >= 1 && shards <= 12)) throw new Error("--shards must be a whole number from 1 to 12.");
// As a headless device does: whole loops are compiled well at once.
setFlagsFromString("--no-liftoff");

const host = new NodeHost();
const live = connect(await host.spawn());
const adapter = await live.executor.gpu();
if (adapter) {
  const rows: BenchRow[] = [];
  for (const kernel of KERNELS) rows.push(await measure(live, kernel));
  printReport({ bench: "gpu", rows, facts: { adapter: `${adapter.vendor}/${adapter.architecture}`, shards: String(shards) } }, { json: values.json });
} else
  console.error("No adapter: this machine has no GPU that Dawn can use. VK_ICD_FILENAMES names a software renderer, LD_LIBRARY_PATH the folder of its loader.");
await host.kill(live.id);

async function measure({ executor }: Live, { name, distanceMax }: (typeof KERNELS)[number]): Promise<BenchRow> {
  const folder = join(ROOT, "examples", `${name}-gpu`);
  const job = jobFile.parse(JSON.parse(await readFile(join(folder, "job.json"), "utf8")));
  const { slicing, program, limits } = job;
  if (slicing.mode !== "range") throw new Error(`${name} does not count.`);
  const source = new Uint8Array(await readFile(join(folder, `${name}-gpu.wgsl`)));
  await prepare(executor, { jobId: "kernel", program: source, memoryBytesMax: limits.memoryBytesMax, kernel: program.kernel });
  await prepare(executor, { jobId: "program", program: await compile(name), memoryBytesMax: 1 << 24 });
  const times: Record<"kernel" | "program", number[]> = { kernel: [], program: [] };
  // The first shard of each is compiled and calibrated.
  for (let no = 0; no <= shards; no++) {
    const { from, to, step } = shardRange(slicing, no % Math.ceil((slicing.to - slicing.from) / slicing.valuesPerShard));
    const filled = fillArguments(program.args, { shard: String(no), seed: "0", from: String(from), to: String(to), step: String(step) });
    if (!filled.ok) throw new Error(filled.problem.message);
    const run = async (jobId: string) => await executor.run({ jobId, args: filled.args, env: {}, stdin: new Uint8Array(), seed: 0n, limits: LIMITS });
    const [kernel, wasm] = [await run("kernel"), await run("program")];
    const distance = outputDistance(outputOf(kernel), outputOf(wasm), CLOSE);
    if (!(distance <= distanceMax)) throw new Error(`Shard ${no} of ${name} differs between GPU and WebAssembly: ${distance}.`);
    if (no === 0) continue;
    times.kernel.push(kernel.durationMs);
    times.program.push(wasm.durationMs);
  }
  const [value, peer] = [medianOf(times.kernel), medianOf(times.program)];
  return { name: `${name}/shard-ms`, value, unit: "ms, beside one core in WASM", peer, ratio: value / peer, target: null };
}

type Prepared = Pick<PrepareRequest, "jobId" | "program" | "memoryBytesMax"> & { kernel?: KernelManifest | undefined };

async function prepare(executor: Live["executor"], request: Prepared): Promise<void> {
  const answer = await executor.prepare({ ...request, programSha256: createHash("sha256").update(request.program).digest("hex"), files: [] });
  if (!answer.ok) throw new Error(answer.reason);
}

async function compile(name: string): Promise<Uint8Array> {
  const source = `${name}.c`;
  const text = await readFile(join(import.meta.dirname, source), "utf8");
  const result = await commands.clang(["--target=wasm32-wasip1", "-O3", "-Wall", "-Werror", source, "-o", "program.wasm"], { [source]: text });
  const module = result?.["program.wasm"];
  if (!(module instanceof Uint8Array)) throw new Error(`The compiler wrote no module for ${source}.`);
  return module;
}

function outputOf(outcome: ShardOutcome): Uint8Array {
  if (outcome.status !== "ok") throw new Error(`A shard ended as ${outcome.status}: ${outcome.status === "crashed" ? outcome.message : outcome.stderr}`);
  return outcome.output;
}
