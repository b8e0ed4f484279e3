import { type Findings, forbid } from "./findings.ts";
import { END, readInstruction } from "./instructions.ts";
import { MalformedModule, type Reader, readByte, readCount, readName, readU32, skipBytes, skipLeb, takeReader } from "./module-reader.ts";
import { readReferenceType, readValueType } from "./value-types.ts";

export type ExternKind = "function" | "table" | "memory" | "global" | "tag";
const EXTERN_KINDS: readonly ExternKind[] = ["function", "table", "memory", "global", "tag"];

/** One import; `type` is the letters of a function's type as in `WASI_IMPORTS`, null for everything else. */
export interface ModuleImport {
  module: string;
  name: string;
  kind: ExternKind;
  type: string | null;
}

export interface MemoryLimits {
  minPages: number;
  /** null: the module names no maximum. */
  maxPages: number | null;
}

/** Everything the sections of a module say that an inspection needs. */
export interface ModuleShape {
  types: string[];
  imports: ModuleImport[];
  /** The types of all functions, imported ones first. */
  functions: string[];
  /** Functions of the function section, whose bodies the code section must have. */
  bodiesExpected: number;
  bodies: number;
  memories: MemoryLimits[];
  exports: Map<string, { kind: ExternKind; index: number }>;
  producers: string[];
  findings: Findings;
}

type SectionReader = (reader: Reader, shape: ModuleShape) => void;

/** How to read each section by its id; those without an entry hold nothing to inspect. */
export const SECTION_READERS: ReadonlyMap<number, SectionReader> = new Map<number, SectionReader>([
  [1, forEachEntry(readType)],
  [2, forEachEntry(readImport)],
  [3, forEachEntry(readFunction)],
  [4, forEachEntry(readTable)],
  [5, forEachEntry(readMemory)],
  [6, forEachEntry(readGlobal)],
  [7, forEachEntry(readExport)],
  [8, (reader) => void readU32(reader)],
  [9, forEachEntry(readElements)],
  [10, forEachEntry(readBody)],
  [11, forEachEntry(readData)],
  [12, (reader) => void readU32(reader)],
  [13, readTags],
]);

function forEachEntry(readEntry: SectionReader): SectionReader {
  return (reader, shape) => {
    const count = readCount(reader);
    for (let entry = 0; entry < count; entry += 1) readEntry(reader, shape);
  };
}

function readType(reader: Reader, shape: ModuleShape): void {
  const offset = reader.at;
  const form = readByte(reader);
  if (form !== 0x60) {
    if (form < 0x4e || form > 0x5f) throw new MalformedModule("a type is neither a function nor anything known", offset);
    forbid(shape.findings, "gc", { offset, detail: "a structure, array or recursive type" });
    throw new MalformedModule("its types cannot be read", offset);
  }
  const parameters = readValueTypes(reader, shape.findings);
  const results = readValueTypes(reader, shape.findings);
  if (results.length > 1) shape.findings.features.add("multi_value");
  shape.types.push(`${parameters}:${results}`);
}

function readValueTypes(reader: Reader, findings: Findings): string {
  const count = readCount(reader);
  const letters: string[] = [];
  for (let value = 0; value < count; value += 1) letters.push(readValueType(reader, findings));
  return letters.join("");
}

function readImport(reader: Reader, shape: ModuleShape): void {
  const module = readName(reader);
  const name = readName(reader);
  const kind = readExternKind(reader);
  let type: string | null = null;
  if (kind === "function") {
    type = readTypeIndex(reader, shape);
    shape.functions.push(type);
  } else if (kind === "table") readTableType(reader, shape.findings);
  else if (kind === "memory") shape.memories.push(readMemoryLimits(reader, shape.findings));
  else if (kind === "global") readGlobalType(reader, shape.findings);
  else readTag(reader, shape.findings);
  shape.imports.push({ module, name, kind, type });
}

function readExternKind(reader: Reader): ExternKind {
  const kind = EXTERN_KINDS[readByte(reader)];
  if (kind === undefined) throw new MalformedModule("an import or export is of no known kind", reader.at - 1);
  return kind;
}

function readTypeIndex(reader: Reader, shape: ModuleShape): string {
  const offset = reader.at;
  const type = shape.types[readU32(reader)];
  if (type === undefined) throw new MalformedModule("a function names a type that is not there", offset);
  return type;
}

function readFunction(reader: Reader, shape: ModuleShape): void {
  shape.functions.push(readTypeIndex(reader, shape));
  shape.bodiesExpected += 1;
}

function readTable(reader: Reader, shape: ModuleShape): void {
  if (reader.bytes[reader.at] === 0x40) {
    forbid(shape.findings, "gc", { offset: reader.at, detail: "a table with an initial value" });
    skipBytes(reader, 2);
    readTableType(reader, shape.findings);
    readConstantExpression(reader, shape.findings);
    return;
  }
  readTableType(reader, shape.findings);
}

function readTableType(reader: Reader, findings: Findings): void {
  readReferenceType(reader, findings);
  readLimits(reader, findings);
}

function readMemory(reader: Reader, shape: ModuleShape): void {
  const offset = reader.at;
  shape.memories.push(readMemoryLimits(reader, shape.findings));
  if (shape.memories.length > 1) forbid(shape.findings, "multiple_memories", { offset, detail: "a second memory" });
}

function readMemoryLimits(reader: Reader, findings: Findings): MemoryLimits {
  const offset = reader.at;
  const { flags, min, max } = readLimits(reader, findings);
  if ((flags & 2) !== 0) forbid(findings, "shared_memory", { offset, detail: "a memory shared between threads" });
  return { minPages: min, maxPages: max };
}

/** Sizes above 2³²−1 exist in 64-bit memories only, which are refused; they count as the largest 32-bit size. */
function readLimits(reader: Reader, findings: Findings): { flags: number; min: number; max: number | null } {
  const offset = reader.at;
  const flags = readByte(reader);
  if (flags > 0x0f) throw new MalformedModule("a memory or table has unknown flags", offset);
  if ((flags & 8) !== 0) forbid(findings, "unknown_opcode", { offset, detail: "a memory with pages of another size" });
  const is64 = (flags & 4) !== 0;
  if (is64) forbid(findings, "memory64", { offset, detail: "a 64-bit memory or table" });
  const readSize = (): number => {
    if (!is64) return readU32(reader);
    skipLeb(reader, 64);
    return 0xffff_ffff;
  };
  const min = readSize();
  const max = (flags & 1) !== 0 ? readSize() : null;
  if ((flags & 8) !== 0) readU32(reader);
  return { flags, min, max };
}

function readGlobal(reader: Reader, shape: ModuleShape): void {
  readGlobalType(reader, shape.findings);
  readConstantExpression(reader, shape.findings);
}

function readGlobalType(reader: Reader, findings: Findings): void {
  readValueType(reader, findings);
  const offset = reader.at;
  const flags = readByte(reader);
  if (flags > 1) {
    if (flags > 3) throw new MalformedModule("a global has unknown flags", offset);
    forbid(findings, "atomics", { offset, detail: "a global shared between threads" });
  }
}

/** A constant expression is a few instructions; more than one before the end is the extension for sums. */
function readConstantExpression(reader: Reader, findings: Findings): void {
  for (let instructions = 0; ; instructions += 1) {
    const offset = reader.at;
    const opcode = readInstruction(reader, findings);
    if (opcode === null) throw new MalformedModule("a constant expression cannot be read", offset);
    if (opcode === END) return;
    if (instructions > 0) findings.features.add("extended_const");
  }
}

function readExport(reader: Reader, shape: ModuleShape): void {
  const offset = reader.at;
  const name = readName(reader);
  const kind = readExternKind(reader);
  const index = readU32(reader);
  if (shape.exports.has(name)) throw new MalformedModule("two exports have the same name", offset);
  shape.exports.set(name, { kind, index });
}

/** The low three bits of the flags: 1 not active, 2 names its table (or is declarative), 4 lists expressions instead of functions. */
function readElements(reader: Reader, shape: ModuleShape): void {
  const offset = reader.at;
  const flags = readU32(reader);
  if (flags > 7) throw new MalformedModule("an element segment has unknown flags", offset);
  const isActive = (flags & 1) === 0;
  const hasExpressions = (flags & 4) !== 0;
  if (isActive && (flags & 2) !== 0) readU32(reader);
  if (isActive) readConstantExpression(reader, shape.findings);
  if ((flags & 3) !== 0) {
    if (hasExpressions) readReferenceType(reader, shape.findings);
    else skipBytes(reader, 1);
  }
  const count = readCount(reader);
  for (let element = 0; element < count; element += 1) {
    if (hasExpressions) readConstantExpression(reader, shape.findings);
    else readU32(reader);
  }
}

function readBody(reader: Reader, shape: ModuleShape): void {
  shape.bodies += 1;
  const body = takeReader(reader, readU32(reader));
  const groups = readCount(body);
  for (let group = 0; group < groups; group += 1) {
    readU32(body);
    readValueType(body, shape.findings);
  }
  let opcode: number | null = 0;
  while (body.at < body.end) {
    opcode = readInstruction(body, shape.findings);
    if (opcode === null) return;
  }
  if (opcode !== END) throw new MalformedModule("a function does not end", body.end);
}

function readData(reader: Reader, shape: ModuleShape): void {
  const offset = reader.at;
  const flags = readU32(reader);
  if (flags > 2) throw new MalformedModule("a data segment has unknown flags", offset);
  if (flags === 2 && readU32(reader) !== 0) {
    forbid(shape.findings, "multiple_memories", { offset, detail: "data for a second memory" });
  }
  if (flags !== 1) readConstantExpression(reader, shape.findings);
  skipBytes(reader, readU32(reader));
}

function readTags(reader: Reader, shape: ModuleShape): void {
  const offset = reader.at;
  forbid(shape.findings, "exceptions", { offset, detail: "a section of exception tags" });
  skipBytes(reader, reader.end - reader.at);
}

function readTag(reader: Reader, findings: Findings): void {
  forbid(findings, "exceptions", { offset: reader.at, detail: "an imported exception tag" });
  skipBytes(reader, 1);
  readU32(reader);
}
