import { WASIProcExit } from "@bjorn3/browser_wasi_shim";
import type { Pacer } from "./pacing/pacer.ts";
import { findTrapKind, type TrapKind } from "./trap-kind.ts";
import { HostOutOfMemory, OutputLimitReached } from "./wasi/run-end.ts";
import { createWasiHost, type WasiHost } from "./wasi/wasi-host.ts";

/** What a program sees as its own name, `argv[0]`. */
const PROGRAM_NAME = "program";

/** Everything one run depends on: the same request gives the same bytes on every engine. */
export interface RunRequest {
  /** Compiled from a program that `inspectWasm` accepted, its memory maximum set. */
  module: WebAssembly.Module;
  /** Without the program's name. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  stdin: Uint8Array;
  /** Shared files, read-only under `/data`. They are not copied and not changed. */
  files: readonly { name: string; bytes: Uint8Array }[];
  /** 0…2⁶⁴−1. */
  seed: bigint;
  /** Makes a paced build rest; null where nothing does. */
  pacer?: Pacer | null;
  limits: { outputBytesMax: number; stderrBytesMax: number; tmpBytesMax: number };
}

/** What is known of every run that began. */
export interface RunFacts {
  /** The first bytes of standard error as text; what is no UTF-8, and NUL, is U+FFFD. */
  stderr: string;
  /** Without the rests. */
  durationMs: number;
  /** The size of the program's memory at its end; memory never shrinks. */
  memoryBytesPeak: number;
}

/** How a run ended. `out_of_memory` and `crashed` speak about the machine and do not vote. */
export type RunOutcome =
  | ({ status: "ok"; output: Uint8Array<ArrayBuffer> } & RunFacts)
  | ({ status: "exit_code"; exitCode: number } & RunFacts)
  | ({ status: "trap"; trap: TrapKind } & RunFacts)
  | ({ status: "output_limit" } & RunFacts)
  | ({ status: "no_output" } & RunFacts)
  | ({ status: "out_of_memory" } & RunFacts)
  | ({ status: "crashed"; message: string } & RunFacts);

type Ending =
  | { status: "exited"; exitCode: number }
  | { status: "trap"; trap: TrapKind }
  | { status: "output_limit" }
  | { status: "out_of_memory" }
  | { status: "crashed"; message: string };

/** Runs a program once, in an instance of its own that is thrown away. Never throws; a program that does not end is for the caller to end with the worker. */
export function runWasi(request: RunRequest): RunOutcome {
  const startedAt = performance.now();
  const { module, args, limits, pacer = null } = request;
  const restedBeforeMs = pacer?.restedMs ?? 0;
  const host = createWasiHost({ ...request, ...limits, args: [PROGRAM_NAME, ...args] });
  const { ending, memoryBytesPeak } = runInstance(module, host, pacer);
  const restedMs = (pacer?.restedMs ?? 0) - restedBeforeMs;
  const facts: RunFacts = { stderr: readText(host.stderr.content()), durationMs: performance.now() - startedAt - restedMs, memoryBytesPeak };
  if (ending.status !== "exited") return { ...ending, ...facts };
  if (ending.exitCode !== 0) return { status: "exit_code", exitCode: ending.exitCode, ...facts };
  const output = host.stdout.content();
  return output.length === 0 ? { status: "no_output", ...facts } : { status: "ok", output, ...facts };
}

function runInstance(module: WebAssembly.Module, host: WasiHost, pacer: Pacer | null): { ending: Ending; memoryBytesPeak: number } {
  let instance: WebAssembly.Instance;
  try {
    instance = new WebAssembly.Instance(module, host.imports);
  } catch (error) {
    const ending = classifyEnding(error);
    // Nothing but memory is allocated here, and engines tell a lack of it by a RangeError with words of their own.
    const isMemory = ending.status === "crashed" && error instanceof RangeError;
    return { ending: isMemory ? { status: "out_of_memory" } : ending, memoryBytesPeak: 0 };
  }
  let ending: Ending;
  try {
    pacer?.enter(instance);
    ending = { status: "exited", exitCode: host.start(instance) };
  } catch (error) {
    ending = classifyEnding(error);
  }
  const { memory } = instance.exports;
  return { ending, memoryBytesPeak: memory instanceof WebAssembly.Memory ? memory.buffer.byteLength : 0 };
}

function classifyEnding(error: unknown): Ending {
  if (error instanceof WASIProcExit) return { status: "exited", exitCode: error.code };
  if (error instanceof OutputLimitReached) return { status: "output_limit" };
  if (error instanceof HostOutOfMemory) return { status: "out_of_memory" };
  const trap = findTrapKind(error);
  if (trap !== null) return { status: "trap", trap };
  return { status: "crashed", message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}

function readText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replaceAll("\0", "\uFFFD");
}
