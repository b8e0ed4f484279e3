import type { Findings } from "./findings.ts";
import { readInstruction } from "./instructions.ts";
import { type Reader, readCount, readName, readU32, skipBytes, takeReader } from "./module-reader.ts";
import { encodeU32, ModuleWriter } from "./module-writer.ts";
import { readValueType } from "./value-types.ts";
import { HEADER_BYTES, type Section, walkSections } from "./walk-sections.ts";

/** The exports that a paced build has beside the program's own; no compiler writes a colon into such a name. */
export const PACED_EXPORTS = { ticks: "shoal:ticks", yields: "shoal:yields" } as const;

/** How often loops may turn before the host sets the counter for the first time; it does before `_start`. Its signed and unsigned LEB128 are the same. */
const TICKS_AT_FIRST = 0x7fff_ffff;

const SECTION = { type: 1, table: 4, memory: 5, global: 6, export: 7, start: 8, code: 10 } as const;
const LOOP = 0x03;
const EXPORT_KINDS = { table: 1, global: 3 } as const;
/** Sections in the order in which they stand; 13 and 12 keep their odd places. */
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

export type PacedBuild = {
  bytes: Uint8Array<ArrayBuffer>;
  /** How many loops count their turns. */
  loops: number;
};

/**
 * The same program with a counter at the head of every loop: each turn takes one from a global, and at zero the first function of a table of its own is called.
 * The host puts a function there that may rest, and sets the counter anew. No index of the program moves, for type, table and global stand behind its own; what
 * the program computes cannot depend on any of it. Expects a module that `inspectWasm` accepted. Null where it has no loop, or where something runs before
 * the host can put its function there.
 */
export function withYieldPoints(bytes: Uint8Array): PacedBuild | null {
  const sections = [...walkSections(bytes)];
  const find = (id: number) => sections.find((section) => section.id === id)?.content;
  if (find(SECTION.start) || hasPacedExport(find(SECTION.export))) return null;
  const index = { type: countOf(find(SECTION.type)), table: countOf(find(SECTION.table)), global: countOf(find(SECTION.global)) };
  const code = rewriteCode(find(SECTION.code), yieldPoint(index));
  if (!code || code.loops === 0) return null;
  const added = new Map<number, number[]>([
    [SECTION.type, [0x60, 0, 0]],
    [SECTION.table, [0x70, 1, 1, 1]],
    [SECTION.global, [0x7f, 1, 0x41, ...encodeU32(TICKS_AT_FIRST), 0x0b]],
    [SECTION.export, [...exportOf(PACED_EXPORTS.ticks, EXPORT_KINDS.global, index.global), ...exportOf(PACED_EXPORTS.yields, EXPORT_KINDS.table, index.table)]],
  ]);
  const module = new ModuleWriter();
  module.add(bytes.subarray(0, HEADER_BYTES));
  for (const section of withMissing(sections)) {
    const entry = added.get(section.id);
    if (section.id === SECTION.code) module.addSection(SECTION.code, code.content);
    else if (entry) module.addSection(section.id, append(section.content, entry, section.id === SECTION.export ? 2 : 1));
    else if (section.content) module.add(bytes.subarray(section.start, section.content.end));
  }
  return { bytes: module.toBytes(), loops: code.loops };
}

/** The instructions at a loop's head; they leave the stack as it was, so that they fit whatever the loop takes. */
function yieldPoint(index: { type: number; table: number; global: number }): number[] {
  const global = encodeU32(index.global);
  const countDown = [0x23, ...global, 0x41, 1, 0x6b, 0x24, ...global];
  const isZero = [0x23, ...global, 0x45];
  const call = [0x41, 0, 0x11, ...encodeU32(index.type), ...encodeU32(index.table)];
  return [...countDown, ...isZero, 0x04, 0x40, ...call, 0x0b];
}

function rewriteCode(content: Reader | undefined, point: readonly number[]): { content: ModuleWriter; loops: number } | null {
  if (!content) return null;
  const reader = { ...content };
  const code = new ModuleWriter();
  const count = readCount(reader);
  code.add(encodeU32(count));
  let loops = 0;
  for (let body = 0; body < count; body += 1) {
    const rewritten = rewriteBody(takeReader(reader, readU32(reader)), point);
    if (!rewritten) return null;
    loops += rewritten.loops;
    code.add(encodeU32(rewritten.body.length));
    code.addAll(rewritten.body);
  }
  return { content: code, loops };
}

function rewriteBody(reader: Reader, point: readonly number[]): { body: ModuleWriter; loops: number } | null {
  const findings: Findings = { features: new Set(), forbidden: new Map() };
  const body = new ModuleWriter();
  let from = reader.at;
  let loops = 0;
  const groups = readCount(reader);
  for (let group = 0; group < groups; group += 1) {
    readU32(reader);
    readValueType(reader, findings);
  }
  while (reader.at < reader.end) {
    const opcode = readInstruction(reader, findings);
    if (opcode === null) return null;
    if (opcode !== LOOP) continue;
    body.add(reader.bytes.subarray(from, reader.at));
    body.add(point);
    from = reader.at;
    loops += 1;
  }
  body.add(reader.bytes.subarray(from, reader.end));
  return { body, loops };
}

type Place = Pick<Section, "id" | "start"> & { content: Reader | null };

/** The sections with those that get an entry and are not there, each where it belongs. */
function withMissing(sections: readonly Section[]): Place[] {
  const places: Place[] = [...sections];
  for (const id of [SECTION.table, SECTION.global]) {
    if (places.some((place) => place.id === id)) continue;
    const at = places.findIndex((place) => place.id !== 0 && ORDER.indexOf(place.id) > ORDER.indexOf(id));
    places.splice(at, 0, { id, start: 0, content: null });
  }
  return places;
}

/** The content of a list with more entries behind its own. */
function append(content: Reader | null, entries: readonly number[], more: number): ModuleWriter {
  const list = new ModuleWriter();
  const reader = content ? { ...content } : null;
  list.add(encodeU32((reader ? readCount(reader) : 0) + more));
  if (reader) list.add(reader.bytes.subarray(reader.at, reader.end));
  list.add(entries);
  return list;
}

/** Accepted modules import functions only, so that a list's length is the next index. */
function countOf(content: Reader | undefined): number {
  return content ? readCount({ ...content }) : 0;
}

function hasPacedExport(content: Reader | undefined): boolean {
  if (!content) return false;
  const reader = { ...content };
  const names = new Set<string>(Object.values(PACED_EXPORTS));
  for (let left = readCount(reader); left > 0; left -= 1) {
    if (names.has(readName(reader))) return true;
    skipBytes(reader, 1);
    readU32(reader);
  }
  return false;
}

function exportOf(name: string, kind: number, index: number): number[] {
  const text = [...new TextEncoder().encode(name)];
  return [...encodeU32(text.length), ...text, kind, ...encodeU32(index)];
}
