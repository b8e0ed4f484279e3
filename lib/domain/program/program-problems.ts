import type { ForbiddenFeature } from "./findings.ts";

/** Every reason for which a program is refused. */
export const PROGRAM_PROBLEM_CODES = [
  "not_wasm",
  "component",
  "malformed",
  "invalid",
  "too_much_work",
  "no_start",
  "unknown_import",
  "wasi_unstable",
  "import_type",
  "imported_memory",
  "imported_table",
  "imported_global",
  "no_memory_export",
  "memory_minimum",
  "atomics",
  "exceptions",
  "gc",
  "memory64",
  "multiple_memories",
  "relaxed_simd",
  "shared_memory",
  "unknown_opcode",
] as const;
export type ProgramProblemCode = (typeof PROGRAM_PROBLEM_CODES)[number];

/** One reason for a refusal: what was found, and what the owner can do about it. */
export interface ProgramProblem {
  code: ProgramProblemCode;
  message: string;
  fix: string;
}

const NAMES_SHOWN_MAX = 8;
const NAME_CHARS_MAX = 60;

/** Names in a sentence: the first eight, shortened where long, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN_MAX).map((name) => (name.length > NAME_CHARS_MAX ? `${name.slice(0, NAME_CHARS_MAX)}…` : name));
  const hidden = names.length - shown.length;
  return hidden > 0 ? `${shown.join(", ")} and ${hidden} more` : shown.join(", ");
}

const FORBIDDEN: Record<ForbiddenFeature, { message: string; fix: string }> = {
  atomics: {
    message: "The program uses atomic instructions, which belong to threads.",
    fix: "Build it for one thread: leave out -pthread and -matomics and use the target wasm32-wasip1.",
  },
  exceptions: {
    message: "The program uses WebAssembly exceptions, which not every browser runs alike.",
    fix: "Build it without them: -fno-exceptions for C++, panic=abort for Rust.",
  },
  gc: {
    message: "The program uses garbage-collected or typed references, which not every browser has.",
    fix: "Use a compiler and target that work in linear memory, such as wasm32-wasip1.",
  },
  memory64: {
    message: "The program is built for 64-bit memory.",
    fix: "Build it for 32-bit memory: use the target wasm32-wasip1.",
  },
  multiple_memories: {
    message: "The program uses more than one memory.",
    fix: "Build it as one module with one memory.",
  },
  relaxed_simd: {
    message: "The program uses relaxed SIMD, whose results differ between processors.",
    fix: "Leave out -mrelaxed-simd; plain -msimd128 is welcome.",
  },
  shared_memory: {
    message: "The program declares a memory shared between threads.",
    fix: "Build it for one thread: leave out -pthread and --shared-memory.",
  },
  unknown_opcode: {
    message: "The program uses something that Shoal does not know and so cannot promise to run alike everywhere.",
    fix: "Build it for plain WebAssembly 2.0, for example with the target wasm32-wasip1 and no experimental features.",
  },
};

/** The problem of a forbidden feature and where it was met first. */
export function forbiddenFeatureProblem(feature: ForbiddenFeature, place: { offset: number; detail: string }): ProgramProblem {
  const { message, fix } = FORBIDDEN[feature];
  return { code: feature, message: `${message} It has ${place.detail} at byte ${place.offset}.`, fix };
}

export const NOT_WASM: ProgramProblem = {
  code: "not_wasm",
  message: "The file is not a WebAssembly module: it does not begin with the bytes of one.",
  fix: "Upload the .wasm file that your compiler wrote, not its source, an archive or a text form.",
};

export const COMPONENT: ProgramProblem = {
  code: "component",
  message: "The file is a WebAssembly component; Shoal runs command modules.",
  fix: "Build for the target wasm32-wasip1 (WASI preview 1), or take the core module out of the component.",
};

/** The problem of a module that would take whoever inspects it more time or memory than any real program. */
export const TOO_MUCH_WORK: ProgramProblem = {
  code: "too_much_work",
  message: "Reading the program took more time or memory than the server gives to one.",
  fix: "Build it smaller: with fewer functions, types and names, and with its data as a file or input of the job.",
};

/** The problem of bytes that stop being a module at an offset. */
export function malformedProblem(reason: string, offset: number): ProgramProblem {
  return {
    code: "malformed",
    message: `The file is damaged: ${reason} (byte ${offset}).`,
    fix: "Build it again, or copy it again: the file may be cut off.",
  };
}

/** The problem of a module that can be read to its end and that an engine refuses all the same; the reason is the engine's. */
export function invalidProblem(reason: string): ProgramProblem {
  return {
    code: "invalid",
    message: `No WebAssembly engine takes the program: ${reason}.`,
    fix: "Build it again with a current compiler; a tool that rewrote the module afterwards may have broken it.",
  };
}
