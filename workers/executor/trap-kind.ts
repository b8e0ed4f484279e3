/**
 * Why an instance trapped, as far as Chromium, Firefox and Safari tell alike. Firefox has one message for memory and for tables, and one for
 * a quotient and for a conversion that do not fit, so each pair is one kind.
 */
export const TRAP_KINDS = ["unreachable", "out_of_bounds", "divide_by_zero", "integer_overflow", "indirect_call", "stack", "other"] as const;
export type TrapKind = (typeof TRAP_KINDS)[number];

/** The first pattern that fits decides; the words are those of V8, SpiderMonkey and JavaScriptCore. */
const PATTERNS: readonly (readonly [RegExp, TrapKind])[] = [
  [/call stack|too much recursion|stack overflow/i, "stack"],
  [/unreachable/i, "unreachable"],
  [/signature|indirect call|null function|call_indirect to a null|null table entry/i, "indirect_call"],
  [/divi(de|sion) by zero|remainder by zero/i, "divide_by_zero"],
  [/integer overflow|unrepresentable|invalid conversion|out of bounds trunc/i, "integer_overflow"],
  [/out of bounds/i, "out_of_bounds"],
];

/** The kind of an exception that ended a program, or null when it is no trap of WebAssembly. */
export function findTrapKind(error: unknown): TrapKind | null {
  if (isStackExhausted(error)) return "stack";
  if (!(error instanceof WebAssembly.RuntimeError)) return null;
  return PATTERNS.find(([words]) => words.test(error.message))?.[1] ?? "other";
}

/** Whether the engine's own stack ended: a RangeError in V8 and JavaScriptCore, an InternalError in SpiderMonkey. */
export function isStackExhausted(error: unknown): boolean {
  return error instanceof Error && (error.name === "RangeError" || error.name === "InternalError") && /call stack|too much recursion/i.test(error.message);
}
