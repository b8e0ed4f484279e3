/** Bytes of WebAssembly, or nested lists of them. */
export type Bytes = readonly (number | Bytes)[];

/** The parts of a small module; each default is that of a program that does nothing and is accepted. */
export interface ModuleParts {
  types?: readonly Bytes[];
  imports?: readonly Bytes[];
  functions?: readonly Bytes[];
  tables?: readonly Bytes[];
  memories?: readonly Bytes[];
  tags?: readonly Bytes[];
  globals?: readonly Bytes[];
  exports?: readonly Bytes[];
  elements?: readonly Bytes[];
  /** The instructions of each function, without locals and without the closing end. */
  bodies?: readonly Bytes[];
  data?: readonly Bytes[];
  /** Whole sections put behind everything else. */
  tail?: Bytes;
}

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F64 = 0x7c;
export const V128 = 0x7b;

/** An unsigned number in LEB128. */
export function u32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

/** A name with its length. */
export function name(text: string): number[] {
  const bytes = [...new TextEncoder().encode(text)];
  return [...u32(bytes.length), ...bytes];
}

export function functionType(parameters: Bytes, results: Bytes): Bytes {
  return [0x60, u32(parameters.length), parameters, u32(results.length), results];
}

export function importOf(module: string, field: string, description: Bytes): Bytes {
  return [name(module), name(field), description];
}

export function exportOf(field: string, kind: number, index: number): Bytes {
  return [name(field), kind, u32(index)];
}

function flatten(bytes: Bytes): number[] {
  return bytes.flatMap((part) => (typeof part === "number" ? [part] : flatten(part)));
}

export function section(id: number, content: Bytes): number[] {
  const bytes = flatten(content);
  return [id, ...u32(bytes.length), ...bytes];
}

function listSection(id: number, entries: readonly Bytes[]): number[] {
  return entries.length === 0 ? [] : section(id, [u32(entries.length), ...entries]);
}

/** A function's body with its length: no locals, the instructions, end. */
export function body(instructions: Bytes): number[] {
  const bytes = [0, ...flatten(instructions), 0x0b];
  return [...u32(bytes.length), ...bytes];
}

/** The bytes of a module made of these parts. */
export function assembleModule(parts: ModuleParts = {}): Uint8Array<ArrayBuffer> {
  const importedFunctions = (parts.imports ?? []).filter((entry) => isFunctionImport(entry)).length;
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...listSection(1, parts.types ?? [functionType([], [])]),
    ...listSection(2, parts.imports ?? []),
    ...listSection(3, parts.functions ?? [[0]]),
    ...listSection(4, parts.tables ?? []),
    ...listSection(5, parts.memories ?? [[0, 1]]),
    ...listSection(13, parts.tags ?? []),
    ...listSection(6, parts.globals ?? []),
    ...listSection(7, parts.exports ?? [exportOf("memory", 2, 0), exportOf("_start", 0, importedFunctions)]),
    ...listSection(9, parts.elements ?? []),
    ...listSection(10, (parts.bodies ?? [[]]).map(body)),
    ...listSection(11, parts.data ?? []),
    ...flatten(parts.tail ?? []),
  ]);
}

function isFunctionImport(entry: Bytes): boolean {
  const description = entry[2];
  return typeof description === "object" && description[0] === 0;
}
