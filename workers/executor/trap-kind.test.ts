import { expect, test } from "vitest";
import { findTrapKind } from "./trap-kind.ts";

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** The words of V8, SpiderMonkey and JavaScriptCore, from their sources. */
test.each([
  ["unreachable", ["unreachable", "unreachable executed", "Unreachable code should not be executed (evaluating 'x')"]],
  ["out_of_bounds", ["memory access out of bounds", "table index is out of bounds", "data segment out of bounds", "index out of bounds"]],
  ["out_of_bounds", ["table index out of bounds", "Out of bounds memory access", "Out of bounds call_indirect"]],
  ["divide_by_zero", ["divide by zero", "remainder by zero", "integer divide by zero", "Division by zero"]],
  ["integer_overflow", ["divide result unrepresentable", "float unrepresentable in integer range", "integer overflow"]],
  ["integer_overflow", ["invalid conversion to integer", "Integer overflow", "Out of bounds Trunc operation"]],
  ["indirect_call", ["null function or function signature mismatch", "indirect call to null", "indirect call signature mismatch"]],
  ["indirect_call", ["call_indirect to a null table entry", "call_indirect to a signature that does not match"]],
  ["other", ["operation does not support unaligned accesses", "words of an engine to come"]],
])("every engine's words for %s are one kind (case %#)", (kind, messages) => {
  expect(messages.map((message) => findTrapKind(new WebAssembly.RuntimeError(message)))).toEqual(messages.map(() => kind));
});

test("the end of the engine's stack is a trap, whatever class of error the engine uses", () => {
  expect(findTrapKind(new RangeError("Maximum call stack size exceeded"))).toBe("stack");
  expect(findTrapKind(named("InternalError", "too much recursion"))).toBe("stack");
});

test("an error of the host is no trap", () => {
  expect(findTrapKind(new TypeError("unreachable"))).toBeNull();
  expect(findTrapKind(new RangeError("Invalid typed array length: 99999999999"))).toBeNull();
  expect(findTrapKind("unreachable")).toBeNull();
});
