import { initSha256, sha256Hex } from "#lib/hash/sha256.ts";
import { createExecutor } from "#workers/executor/executor.ts";
import type { ShardOutcome } from "#workers/executor/executor-contract.ts";
import type { Attempt } from "./attempt.ts";
import hostile from "./hostile.wasm";

const MEMORY_BYTES_MAX = 16 * 1024 * 1024;
const OUTPUT_BYTES_MAX = 64 * 1024;
const JOB_ID = "job_hostile";
const decoder = new TextDecoder();

/** Runs programs as strangers' programs are run: the same executor, in the same worker. */
const executor = createExecutor();

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (digits) => Number.parseInt(digits, 16));
const HEADER = "0061736d01000000 01 04 01 60 00 00";
const START = "07 13 02 06 6d656d6f7279 02 00 06 5f7374617274 00";

/** Modules that ask for more than WASI, each in the words of the text format: all of them export "memory" and "_start". */
const GREEDY = {
  '(import "env" "fetch" (func))': `${HEADER} 02 0d 01 03 656e76 05 6665746368 00 00 03 02 01 00 05 03 01 00 01 ${START} 01 0a 04 01 02 00 0b`,
  '(import "wasi_snapshot_preview1" "sock_connect" (func))':
    `${HEADER} 02 27 01 16 776173695f736e617073686f745f7072657669657731 0c 736f636b5f636f6e6e656374 00 00` +
    ` 03 02 01 00 05 03 01 00 01 ${START} 01 0a 04 01 02 00 0b`,
  '(import "env" "memory" (memory 1))': `${HEADER} 02 0f 01 03 656e76 06 6d656d6f7279 02 00 01 03 02 01 00 ${START} 00 0a 04 01 02 00 0b`,
  "(memory 1 1 shared)": `${HEADER} 03 02 01 00 05 04 01 03 01 01 ${START} 00 0a 04 01 02 00 0b`,
} as const;

async function prepare(program: Uint8Array, programSha256?: string): Promise<void> {
  await initSha256();
  const request = { jobId: JOB_ID, program, programSha256: programSha256 ?? sha256Hex(program), memoryBytesMax: MEMORY_BYTES_MAX, files: [] };
  const prepared = await executor.prepare(request);
  if (!prepared.ok) throw new Error(prepared.reason);
}

async function runHostile(way: string): Promise<ShardOutcome> {
  await prepare(hostile);
  const limits = { outputBytesMax: OUTPUT_BYTES_MAX, stderrBytesMax: 1024 };
  return await executor.run({ jobId: JOB_ID, args: [way], env: {}, stdin: new Uint8Array(), seed: 0n, limits });
}

/** What the program got, as its lines that begin with "out"; throws with how it was refused when it got nothing. */
async function findWayOut(way: string): Promise<string> {
  const outcome = await runHostile(way);
  if (outcome.status !== "ok") throw new Error(`it ended with ${outcome.status}${"trap" in outcome ? ` (${outcome.trap})` : ""}`);
  if (outcome.memoryBytesPeak > MEMORY_BYTES_MAX) return `${outcome.memoryBytesPeak} bytes of memory`;
  const lines = decoder.decode(outcome.output).trim().split("\n");
  const out = lines.filter((line) => line.startsWith("out"));
  if (out.length === 0) throw new Error(`WASI errno ${[...new Set(lines.map((line) => line.split(" ").at(-1)))].join(", ")}`);
  return out.join("; ");
}

/** A way that ends the program; what it leaves behind must not reach the next shard, which runs at once. */
async function endsAlone(way: string): Promise<string> {
  const outcome = await runHostile(way);
  const next = await runHostile("clean");
  if (next.status !== "ok") return `the next shard ended with ${next.status}`;
  if (outcome.status === "ok") return "it went on";
  throw new Error(`it ended with ${outcome.status}${"trap" in outcome ? ` (${outcome.trap})` : ""}; the next shard ran`);
}

const program = (name: string, attempt: () => Promise<unknown>): Attempt => ({ name, group: "program", attempt });
const greedy = (Object.keys(GREEDY) as (keyof typeof GREEDY)[]).map((name) =>
  program(name, async () => {
    await prepare(bytesOf(GREEDY[name]));
    return "the module was accepted";
  }),
);

/** Ways that a program, which is WebAssembly and nothing else, has at its own level. */
export const PROGRAM_ATTEMPTS: readonly Attempt[] = [
  ...greedy,
  program("program.wasm ≠ SHA-256", () => prepare(hostile, "0".repeat(64))),
  program("sock_accept, sock_send, sock_recv, sock_shutdown", () => findWayOut("sockets")),
  program('path_open("../..")', () => findWayOut("paths")),
  program('path_symlink("../..")', () => findWayOut("links")),
  program("fd_write(0xfffffff0)", () => findWayOut("pointers")),
  program("clock_time_get, environ_get", () => findWayOut("surroundings")),
  program("memory.grow", () => findWayOut("memory")),
  program("f() { f() }", () => endsAlone("recurse")),
  program("for (;;) fd_write()", () => endsAlone("print")),
  { ...program("for (;;)", () => runHostile("loop")), mustBeEnded: true },
];
