import { KERNEL_LIMITS } from "./kernel-manifest.ts";
import { refuseKernel } from "./kernel-problems.ts";

/** One token with the whitespace before it; comments are gone. */
export type Token = { space: string; text: string; kind: "name" | "number" | "mark"; line: number };
export type TokenList = { tokens: Token[] /** Whitespace after the last token. */; tail: string };

const SPACE = /[ \t\n\v\f\r]+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /0[xX][0-9a-fA-F]*(?:\.[0-9a-fA-F]*)?(?:[pP][+-]?[0-9]+)?[iufh]?|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[iufh]?/y;
const NAME_CHARACTER = /[A-Za-z0-9_]/;
const MARK = /[!%&()*+,\-./:;<=>@[\]^{|}~]/;
/** The characters at which a line comment ends (WGSL, section 3.2). */
const LINE_END = /[\n\v\f\r\u0085\u2028\u2029]/g;

/**
 * Cuts WGSL into tokens, each mark by itself. What is sent to a GPU is put together from these tokens, so that no other parser can see code where this one saw a
 * comment. Refuses everything but printable ASCII outside comments, and numbers that run into names.
 */
export function readTokens(source: string): TokenList {
  if (source.length > KERNEL_LIMITS.sourceBytesMax)
    refuseKernel("kernel_text", `The kernel has ${source.length} characters; ${KERNEL_LIMITS.sourceBytesMax} are allowed.`, "Shorten it.");
  const tokens: Token[] = [];
  let line = 1;
  let space = "";
  for (let at = 0; at < source.length; ) {
    const blankTo = endOfBlank(source, at, line);
    if (blankTo > at) {
      const passed = source.slice(at, blankTo);
      const breaks = passed.split("\n").length - 1;
      // Line numbers in a compiler's messages stay those of the owner's file.
      space += passed.startsWith("/") ? "\n".repeat(breaks) || " " : passed;
      line += breaks;
      at = blankTo;
      continue;
    }
    const token = readToken(source, at, line);
    tokens.push({ ...token, space, line });
    space = "";
    at += token.text.length;
  }
  return { tokens, tail: space };
}

function readToken(source: string, at: number, line: number): Pick<Token, "text" | "kind"> {
  const name = match(NAME, source, at);
  if (name !== null) return { text: name, kind: "name" };
  const number = match(NUMBER, source, at);
  if (number !== null) {
    if (NAME_CHARACTER.test(source[at + number.length] ?? ""))
      refuseKernel("kernel_text", `A number runs into a name in line ${line}.`, "Put a space between them.");
    return { text: number, kind: "number" };
  }
  const mark = source[at] ?? "";
  if (!MARK.test(mark))
    refuseKernel("kernel_text", `The character ${nameOf(source, at)} in line ${line} does not belong into WGSL.`, "Use ASCII outside comments.");
  return { text: mark, kind: "mark" };
}

function match(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

/** Where the whitespace or the comment ends that begins here; `at` where neither does. */
function endOfBlank(source: string, at: number, line: number): number {
  const blank = match(SPACE, source, at);
  return at + (blank === null ? commentLength(source, at, line) : blank.length);
}

/** How long the comment is that begins here; 0 where none does. Block comments nest. */
function commentLength(source: string, at: number, line: number): number {
  if (source.startsWith("//", at)) {
    LINE_END.lastIndex = at;
    return (LINE_END.exec(source)?.index ?? source.length) - at;
  }
  if (!source.startsWith("/*", at)) return 0;
  let depth = 1;
  let end = at + 2;
  while (depth > 0) {
    const open = source.indexOf("/*", end);
    const close = source.indexOf("*/", end);
    if (close === -1) refuseKernel("kernel_text", `The comment that begins in line ${line} has no end.`, "Close it.");
    const isOpen = open !== -1 && open < close;
    depth += isOpen ? 1 : -1;
    end = (isOpen ? open : close) + 2;
  }
  return end - at;
}

function nameOf(source: string, at: number): string {
  return `U+${(source.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

const CLOSING = new Map([
  ["(", ")"],
  ["{", "}"],
  ["[", "]"],
]);
const CLOSERS = new Set(CLOSING.values());

/** The index of the mark that closes the one at `open`, among ( ), { } and [ ]. */
export function closingOf(tokens: readonly Token[], open: number): number {
  const stack: string[] = [];
  for (let index = open; index < tokens.length; index++) {
    const { text, line } = tokens[index] as Token;
    const closer = CLOSING.get(text);
    if (closer !== undefined) stack.push(closer);
    if (!CLOSERS.has(text)) continue;
    if (stack.pop() !== text) refuseKernel("kernel_syntax", `A “${text}” in line ${line} closes nothing.`, "Check the brackets.");
    if (stack.length === 0) return index;
  }
  return refuseKernel("kernel_syntax", `A bracket that opens in line ${tokens[open]?.line ?? 0} is never closed.`, "Check the brackets.");
}
