import type { Feature } from "./findings.ts";
import { MalformedModule, type Reader, readCount, readName } from "./module-reader.ts";
import { COMPONENT, forbiddenFeatureProblem, listNames, malformedProblem, NOT_WASM, type ProgramProblem, type ProgramProblemCode } from "./program-problems.ts";
import { type MemoryLimits, type ModuleImport, type ModuleShape, SECTION_READERS } from "./sections.ts";
import { HEADER_BYTES, walkSections } from "./walk-sections.ts";
import { isWasiImport, WASI_IMPORTS, WASI_MODULE } from "./wasi-imports.ts";

export const PAGE_BYTES = 65_536;

/** What a program is, and every reason for which it may not run; without problems it is accepted. */
export interface Inspection {
  /** As "module.name", in the order of the module. */
  imports: string[];
  memory: MemoryLimits | null;
  /** Sorted by name. */
  features: Feature[];
  sizeBytes: number;
  /** The tools that built it as "name version", where the module tells. */
  producers: string[];
  problems: ProgramProblem[];
}

/** The order in which sections must come; custom sections (id 0) may stand anywhere. */
const SECTION_ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
const PRODUCERS_MAX = 32;

/**
 * Reads a whole module, every instruction of it, and says what it needs and why it would be refused.
 * Takes any bytes: never throws, time and memory grow with their number. `memoryBytesMax` is the job's limit; null where none is known yet.
 */
export function inspectWasm(bytes: Uint8Array, memoryBytesMax: number | null): Inspection {
  const inspection: Inspection = { imports: [], memory: null, features: [], sizeBytes: bytes.length, producers: [], problems: [] };
  const headerProblem = findHeaderProblem(bytes);
  if (headerProblem !== null) return { ...inspection, problems: [headerProblem] };
  const shape: ModuleShape = {
    types: [],
    imports: [],
    functions: [],
    bodiesExpected: 0,
    bodies: 0,
    memories: [],
    exports: new Map(),
    producers: [],
    findings: { features: new Set(), forbidden: new Map() },
  };
  const malformed = readModule(bytes, shape);
  const forbidden = [...shape.findings.forbidden].map(([feature, place]) => forbiddenFeatureProblem(feature, place));
  return {
    ...inspection,
    imports: shape.imports.map(fullName),
    memory: shape.memories[0] ?? null,
    features: [...shape.findings.features].sort(),
    producers: shape.producers,
    // What a broken module lacks is not its problem: only what was really met is told.
    problems:
      malformed === null ? [...forbidden, ...findImportProblems(shape.imports), ...findShapeProblems(shape, memoryBytesMax)] : [...forbidden, malformed],
  };
}

function findHeaderProblem(bytes: Uint8Array): ProgramProblem | null {
  const [nul, a, s, m, version, versionHigh, layer, layerHigh] = bytes;
  if (nul !== 0x00 || a !== 0x61 || s !== 0x73 || m !== 0x6d) return NOT_WASM;
  if (bytes.length < HEADER_BYTES) return malformedProblem("it ends inside its header", bytes.length);
  if (layer === 1 && layerHigh === 0) return COMPONENT;
  if (version !== 1 || versionHigh !== 0 || layer !== 0 || layerHigh !== 0) return malformedProblem("it is of an unknown version", 4);
  return null;
}

function readModule(bytes: Uint8Array, shape: ModuleShape): ProgramProblem | null {
  try {
    let rank = -1;
    for (const { id, start, content } of walkSections(bytes)) {
      if (id === 0) {
        readCustomSection(content, shape);
        continue;
      }
      const nextRank = SECTION_ORDER.indexOf(id);
      if (nextRank <= rank) throw new MalformedModule(`a section with the id ${id} does not belong there`, start);
      rank = nextRank;
      SECTION_READERS.get(id)?.(content, shape);
      if (content.at !== content.end) throw new MalformedModule(`the section with the id ${id} is longer than its content`, content.at);
    }
    if (shape.bodies !== shape.bodiesExpected) throw new MalformedModule("functions and their bodies differ in number", bytes.length);
    return null;
  } catch (error) {
    if (error instanceof MalformedModule) return malformedProblem(error.message, error.offset);
    throw error;
  }
}

function readCustomSection(content: Reader, shape: ModuleShape): void {
  const name = readName(content);
  if (name !== "producers") return;
  try {
    shape.producers.push(...readProducers(content));
  } catch (error) {
    // Engines ignore what custom sections hold, and so a damaged one is no reason to refuse the program.
    if (!(error instanceof MalformedModule)) throw error;
  }
}

/** Source: the tool-conventions repository of WebAssembly, ProducersSection.md. */
function readProducers(content: Reader): string[] {
  const producers: string[] = [];
  const fields = readCount(content);
  for (let field = 0; field < fields; field += 1) {
    readName(content);
    const values = readCount(content);
    for (let value = 0; value < values && producers.length < PRODUCERS_MAX; value += 1) {
      producers.push(`${readName(content)} ${readName(content)}`.trim());
    }
  }
  return producers;
}

function fullName({ module, name }: ModuleImport): string {
  return `${module}.${name}`;
}

function findImportProblems(imports: readonly ModuleImport[]): ProgramProblem[] {
  const unstable = imports.filter(({ module }) => module === "wasi_unstable");
  const others = imports.filter(({ module }) => module !== "wasi_unstable");
  const named = (kind: ModuleImport["kind"]) => others.filter((entry) => entry.kind === kind).map(fullName);
  const functions = others.filter(({ kind }) => kind === "function");
  const isKnown = ({ module, name }: ModuleImport) => module === WASI_MODULE && isWasiImport(name);
  const unknown = functions.filter((entry) => !isKnown(entry)).map(fullName);
  const mistyped = functions.filter((entry) => isKnown(entry) && !hasWasiType(entry)).map(fullName);
  return [
    ...problemOf("wasi_unstable", unstable.map(fullName), {
      message: "The program imports an early draft of WASI:",
      fix: "Build it with a current wasi-sdk, Rust, Go or Zig for the target wasm32-wasip1, which imports wasi_snapshot_preview1.",
    }),
    ...problemOf("unknown_import", unknown, {
      message: "The program imports functions that no volunteer's host offers:",
      fix: "Only WASI preview 1 is offered. Look for JavaScript glue, sockets, threads or undefined symbols, and link without them.",
    }),
    ...problemOf("import_type", mistyped, {
      message: "The program imports WASI functions with a wrong type:",
      fix: "Build it with the headers of wasi-libc; a declaration of your own has other parameters.",
    }),
    ...problemOf("imported_memory", named("memory"), {
      message: "The program imports its memory:",
      fix: "Let the module own and export its memory: leave out --import-memory.",
    }),
    ...problemOf("imported_table", named("table"), {
      message: "The program imports a table:",
      fix: "Link it as one complete module: leave out --import-table and dynamic linking.",
    }),
    ...problemOf("imported_global", named("global"), {
      message: "The program imports global variables:",
      fix: "Link it as one complete module: leave out dynamic linking and position-independent code.",
    }),
  ];
}

function hasWasiType({ name, type }: ModuleImport): boolean {
  return isWasiImport(name) && WASI_IMPORTS[name] === type;
}

function problemOf(code: ProgramProblemCode, names: readonly string[], words: { message: string; fix: string }): ProgramProblem[] {
  return names.length === 0 ? [] : [{ code, message: `${words.message} ${listNames(names)}.`, fix: words.fix }];
}

function findShapeProblems(shape: ModuleShape, memoryBytesMax: number | null): ProgramProblem[] {
  const problems: ProgramProblem[] = [];
  const start = shape.exports.get("_start");
  if (start?.kind !== "function" || shape.functions[start.index] !== ":") {
    problems.push({
      code: "no_start",
      message: start === undefined ? "The program has no _start function to begin with." : "The program's _start is not a function without parameters.",
      fix: "Build a command, not a library: it needs main(), and no -mexec-model=reactor, --no-entry or crate-type cdylib.",
    });
  }
  if (shape.exports.get("memory")?.kind !== "memory") {
    problems.push({
      code: "no_memory_export",
      message: 'The program does not export its memory under the name "memory".',
      fix: "Export it: --export-memory for wasm-ld, which the target wasm32-wasip1 does by itself.",
    });
  }
  const minBytes = (shape.memories[0]?.minPages ?? 0) * PAGE_BYTES;
  if (memoryBytesMax !== null && minBytes > memoryBytesMax) {
    problems.push({
      code: "memory_minimum",
      message: `The program starts with ${minBytes} bytes of memory; the job's limit is ${memoryBytesMax}.`,
      fix: `Raise limits.memoryBytesMax to at least ${minBytes}, or link with a smaller --initial-memory.`,
    });
  }
  return problems;
}
