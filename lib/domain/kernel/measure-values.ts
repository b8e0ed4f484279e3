import { KERNEL_LIMITS } from "./kernel-manifest.ts";
import { refuseKernel } from "./kernel-problems.ts";
import { closingOf, type Token } from "./read-tokens.ts";

const SCALARS: Record<string, number> = { bool: 4, u32: 4, i32: 4, f32: 4 };
const DEPTH_MAX = 16;
const MATRIX = /^mat[234]x[234]/;
const MATRIX_WEIGHT_BYTES = 256;

type TypeSize = { bytes: number /** Index after the type. */; next: number };
type Module = {
  tokens: readonly Token[];
  structs: Map<string, number>;
  aliases: Map<string, number>;
  counts: Map<string, number>;
  /** Sizes of structs by where they begin: each is measured once, however often it is used. */
  measured: Map<number, number>;
};

/**
 * The largest fixed-size value of a module in bytes, never too small. Refuses array types whose length is not a number or a constant with one, arrays without
 * a written type, and values and variables beyond the limits: a shader compiler would keep them all in registers or private memory.
 */
export function measureValues(tokens: readonly Token[]): number {
  const module = readModule(tokens);
  // A product of matrices is one token and a hundred operations.
  let largest = tokens.some(({ text }) => MATRIX.test(text)) ? MATRIX_WEIGHT_BYTES : 16;
  for (const [index, { text, line }] of tokens.entries()) {
    if (text !== "array" && text !== "struct") continue;
    if (text === "array" && tokens[index + 1]?.text !== "<")
      refuseKernel("kernel_types", `An array in line ${line} has no written type.`, "Write array<type, length>.");
    const bytes = text === "array" ? sizeOf(module, index, 0).bytes : structBytes(module, index + 2, 0);
    if (bytes > KERNEL_LIMITS.valueBytesMax)
      refuseKernel(
        "kernel_types",
        `A type in line ${line} has ${bytes} bytes; ${KERNEL_LIMITS.valueBytesMax} are allowed.`,
        "Keep large data in storage: array<type> without a length.",
      );
    largest = Math.max(largest, bytes);
  }
  const variables = tokens.filter(({ text }) => text === "var" || text === "let").length;
  if (variables * largest > KERNEL_LIMITS.variableBytesMax)
    refuseKernel("kernel_types", `${variables} variables of up to ${largest} bytes are too many.`, "Use fewer variables or smaller types.");
  return largest;
}

function readModule(tokens: readonly Token[]): Module {
  const module: Module = { tokens, structs: new Map(), aliases: new Map(), counts: new Map(), measured: new Map() };
  for (const [index, { text }] of tokens.entries()) {
    const name = tokens[index + 1]?.text ?? "";
    if (text === "struct") module.structs.set(name, index + 2);
    if (text === "alias") module.aliases.set(name, index + 3);
    if (text === "const") readCount(module, index);
  }
  return module;
}

/** Notes `const NAME = 12;` and `const NAME: u32 = 12u;`. */
function readCount({ tokens, counts }: Module, index: number): void {
  const name = tokens[index + 1]?.text ?? "";
  const equals = tokens[index + 2]?.text === ":" ? index + 4 : index + 2;
  const value = parseCount(tokens[equals + 1]?.text);
  // Declared twice, in two scopes, the larger one counts.
  if (tokens[equals]?.text === "=" && tokens[equals + 2]?.text === ";" && value !== null) counts.set(name, Math.max(value, counts.get(name) ?? 0));
  else counts.set(name, Number.POSITIVE_INFINITY);
}

function parseCount(text: string | undefined): number | null {
  const digits = text?.replace(/[iu]$/, "") ?? "";
  return /^(0[xX][0-9a-fA-F]+|[0-9]+)$/.test(digits) ? Number(digits) : null;
}

function sizeOf(module: Module, at: number, depth: number): TypeSize {
  const { tokens } = module;
  const { text, line } = tokens[at] ?? { text: "", line: 0 };
  if (depth > DEPTH_MAX) refuseKernel("kernel_types", `A type in line ${line} is nested too deeply.`, "Nest types less.");
  if (text === "array") return arraySize(module, at, depth);
  // A constructor or a pointer holds its type in angle brackets; what they hold is looked at by itself where it is an array.
  const next = tokens[at + 1]?.text === "<" ? closingAngle(tokens, at + 1) + 1 : at + 1;
  const vector = /^(?:vec|mat)([234])(?:x([234]))?[fiu]?$/.exec(text);
  if (vector) return { bytes: 16 * Math.max(1, vector[2] === undefined ? 1 : Number(vector[1])), next };
  if (text === "atomic" || text === "ptr") return { bytes: 4, next };
  const struct = module.structs.get(text);
  if (struct !== undefined) return { bytes: structBytes(module, struct, depth + 1), next };
  const alias = module.aliases.get(text);
  if (alias !== undefined) return { bytes: sizeOf(module, alias, depth + 1).bytes, next };
  const scalar = SCALARS[text];
  if (scalar === undefined)
    refuseKernel("kernel_types", `Shoal does not know the type “${text}” in line ${line}.`, "Use numbers, vectors, matrices, arrays and structs.");
  return { bytes: scalar, next };
}

function arraySize(module: Module, at: number, depth: number): TypeSize {
  const { tokens } = module;
  const element = sizeOf(module, at + 2, depth + 1);
  const separator = tokens[element.next];
  // Runtime-sized arrays exist in storage only.
  if (separator?.text === ">") return { bytes: element.bytes, next: element.next + 1 };
  const length = tokens[element.next + 1];
  const count = parseCount(length?.text) ?? module.counts.get(length?.text ?? "") ?? Number.POSITIVE_INFINITY;
  const isEnded = tokens[element.next + 2]?.text === ">" || (tokens[element.next + 2]?.text === "," && tokens[element.next + 3]?.text === ">");
  if (separator?.text !== "," || !isEnded || !Number.isFinite(count))
    refuseKernel(
      "kernel_types",
      `The length of an array in line ${tokens[at]?.line ?? 0} is not a plain number.`,
      "Write a number, or a constant that is one.",
    );
  return { bytes: element.bytes * count, next: element.next + (tokens[element.next + 2]?.text === "," ? 4 : 3) };
}

function structBytes(module: Module, at: number, depth: number): number {
  const { tokens, measured } = module;
  const known = measured.get(at);
  if (known !== undefined) return known;
  if (tokens[at]?.text !== "{") refuseKernel("kernel_syntax", `A struct in line ${tokens[at]?.line ?? 0} has no members.`, "Check its form.");
  const end = closingOf(tokens, at);
  let bytes = 0;
  for (let index = at + 1; index < end; index++) {
    if (tokens[index]?.text === "@") {
      // @align and @size would make members larger than their types.
      refuseKernel(
        "kernel_types",
        `A struct member in line ${tokens[index]?.line ?? 0} has an attribute.`,
        "Leave out @align and @size; take builtins as parameters of the entry point.",
      );
    }
    if (tokens[index]?.text !== ":") continue;
    const member = sizeOf(module, index + 1, depth);
    // Aligned to 16 at most, so that rounding up never gives too little; numbers lie side by side.
    bytes = member.bytes <= 4 ? bytes + 4 : Math.ceil(bytes / 16) * 16 + Math.ceil(member.bytes / 16) * 16;
    index = member.next - 1;
  }
  measured.set(at, bytes);
  return bytes;
}

function closingAngle(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const text = tokens[index]?.text;
    if (text === "<") depth++;
    if (text === ">" && --depth === 0) return index;
    if (text === ";" || text === "{") break;
  }
  return refuseKernel("kernel_syntax", `An angle bracket in line ${tokens[open]?.line ?? 0} is never closed.`, "Check the type.");
}
