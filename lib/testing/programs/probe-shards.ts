import type { RunRequest } from "#workers/executor/run-wasi.ts";
import type { TestProgram } from "./build-programs.ts";

/** A run of a test program and the end it must have on every engine. */
export interface ProbeShard {
  program: TestProgram;
  args: string[];
  /** The outcome's status, with the kind of a trap or the exit code behind it. */
  ends: string;
}

const misbehaves = (ends: string, ...args: string[]): ProbeShard => ({ program: "misbehave", args, ends });

/** Shards that tell two hosts apart: everything a program can observe, and every way in which it can end by itself. */
export const PROBE_SHARDS: readonly ProbeShard[] = [
  { program: "probe", args: ["größe", "two words", ""], ends: "ok" },
  { program: "spin", args: ["100000"], ends: "ok" },
  misbehaves("no_output", "nothing"),
  misbehaves("exit_code 7", "exit", "7"),
  misbehaves("exit_code 255", "exit", "255"),
  misbehaves("trap unreachable", "unreachable"),
  misbehaves("trap unreachable", "abort"),
  misbehaves("trap divide_by_zero", "divide"),
  misbehaves("trap divide_by_zero", "remainder"),
  misbehaves("trap integer_overflow", "overflow"),
  misbehaves("trap out_of_bounds", "memory"),
  misbehaves("trap indirect_call", "indirect", "0"),
  misbehaves("trap indirect_call", "indirect", "1"),
  misbehaves("trap out_of_bounds", "indirect", "2"),
  misbehaves("trap out_of_bounds", "recurse"),
  misbehaves("trap stack", "recurse-engine"),
  misbehaves("ok", "print", "1000000"),
  misbehaves("output_limit", "print", "1000001"),
  misbehaves("no_output", "complain", "10000"),
  misbehaves("ok", "allocate"),
  misbehaves("ok", "write-data"),
  misbehaves("ok", "escape"),
  misbehaves("ok", "fill-tmp"),
  misbehaves("ok", "fill-names"),
  misbehaves("ok", "open-many"),
];

const encoder = new TextEncoder();

/** What every probe shard is run with. */
export const PROBE_MEMORY_BYTES_MAX = 16 * 1024 * 1024;
export const PROBE_FILES = [
  { name: "table.txt", bytes: encoder.encode("a shared table\n") },
  { name: "atlas.bin", bytes: Uint8Array.from({ length: 10_000 }, (_, index) => (index * 7) & 255) },
];
export const PROBE_INPUT = {
  env: { SHOAL_SHARD: "3", SHOAL_SEED: "42" },
  stdin: encoder.encode("first line\nsecond line\n"),
  seed: 42n,
  limits: { outputBytesMax: 1_000_000, stderrBytesMax: 65_536 },
} satisfies Partial<Omit<RunRequest, "limits">> & { limits: Omit<RunRequest["limits"], "tmpBytesMax"> };

/** An outcome in the words of `ProbeShard.ends`. */
export function describeEnd(outcome: { status: string; exitCode?: number; trap?: string }): string {
  return [outcome.status, outcome.exitCode ?? outcome.trap ?? ""].join(" ").trim();
}
