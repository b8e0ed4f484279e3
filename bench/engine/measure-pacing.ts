import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BenchRow, medianOf } from "#bench/report.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { createExecutor } from "#workers/executor/executor.ts";
import type { PrepareRequest } from "#workers/executor/executor-contract.ts";
import { createPaceMemory } from "#workers/executor/pacing/pace-words.ts";
import { Pacer } from "#workers/executor/pacing/pacer.ts";
import { findBrowserGpu } from "#workers/executor/wgsl/gpu-holder.ts";

const ROUNDS = 5;
/** ">" begins a FASTA record. */
const RECORD_START = 62;
const EXAMPLE = join(import.meta.dirname, "..", "..", "examples", "protein-search");
const MEMORY_BYTES_MAX = 2 ** 28;

type Case = { name: string; program: Uint8Array; args: string[]; stdin: Uint8Array; files: PrepareRequest["files"] };

/** What counting the turns of loops costs while nothing rests: the time of a shard in the paced build beside that in the plain one, by turns. */
export async function measurePacing(): Promise<BenchRow[]> {
  const spin: Case = { name: "spin", program: await readTestProgram("spin"), args: ["300000000"], stdin: new Uint8Array(), files: [] };
  const rows: BenchRow[] = [];
  for (const each of [spin, await proteinSearch()]) rows.push(await measureBuilds(each));
  return rows;
}

async function measureBuilds({ name, program, args, stdin, files }: Case): Promise<BenchRow> {
  const memory = createPaceMemory();
  const pacer = memory && new Pacer(memory, { nowMs: () => performance.now(), cpuMs: null });
  const executor = createExecutor(findBrowserGpu, () => pacer);
  const programSha256 = createHash("sha256").update(program).digest("hex");
  for (const isPaced of [false, true]) {
    const answer = await executor.prepare({ jobId: String(isPaced), program, programSha256, memoryBytesMax: MEMORY_BYTES_MAX, files, isPaced });
    if (!answer.ok || answer.isPaced !== isPaced) throw new Error(`${name} cannot be prepared.`);
  }
  const run = async (jobId: string) => {
    const limits = { outputBytesMax: 1 << 20, stderrBytesMax: 1024 };
    const outcome = await executor.run({ jobId, args, env: {}, stdin, seed: 0n, limits });
    if (outcome.status !== "ok") throw new Error(`${name} ended as ${outcome.status}.`);
    return outcome;
  };
  const times: { plain: number; paced: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [plain, paced] = [await run("false"), await run("true")];
    if (plain.outputSha256 !== paced.outputSha256) throw new Error(`${name} computes something else in its paced build.`);
    times.push({ plain: plain.durationMs, paced: paced.durationMs });
  }
  // The first run of each was compiled while it ran.
  const timed = times.slice(1);
  const [value, peer] = [medianOf(timed.map(({ paced }) => paced)), medianOf(timed.map(({ plain }) => plain))];
  return { name: `paced-shard-ms/${name}`, value, unit: "ms, beside the plain build", peer, ratio: value / peer, target: null };
}

/** The demo's program on the first record of its own input. */
async function proteinSearch(): Promise<Case> {
  const job = JSON.parse(await readFile(join(EXAMPLE, "job.json"), "utf8")) as {
    program: { args: string[] };
    input: { path: string };
    files: { name: string; artifact: { path: string } }[];
  };
  const read = async (path: string) => new Uint8Array(await readFile(join(EXAMPLE, path)));
  const files = await Promise.all(
    job.files.map(async ({ name, artifact }) => {
      const bytes = await read(artifact.path);
      return { name, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
    }),
  );
  const input = await read(job.input.path);
  const end = input.indexOf(RECORD_START, 1);
  return { name: "protein-search", program: await read("protein-search.wasm"), args: job.program.args, stdin: input.slice(0, end), files };
}
