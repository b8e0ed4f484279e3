import { expect, test } from "vitest";
import { u32 } from "#lib/testing/programs/assemble-module.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { withLastBody } from "#lib/testing/programs/with-last-body.ts";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { inspectProgram } from "./inspect-program.ts";
import { inspectWasm } from "./inspect-wasm.ts";
import { withMemoryMaximum } from "./memory-maximum.ts";
import { splitmix64 } from "./seed.ts";

const DAMAGED = atSize(1500, 50_000);

test("a program that an engine takes has no problem more", async () => {
  const bytes = await readTestProgram("shout");
  expect(await inspectProgram(bytes, null)).toEqual(inspectWasm(bytes, null));
});

test.each([
  ["a stack that is taken from while it is empty", [0x6a, 0x1a]],
  ["a float where a whole number belongs", [0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0x45, 0x1a]],
  ["a local that is not there", [0x20, 0x7f, 0x1a]],
  ["a branch out of more blocks than there are", [0x0c, 0x09]],
  ["a call of a function that is not there", [0x10, ...u32(1_000_000)]],
])("%s can be read to its end, and no engine runs it: refused, with the engine's reason", async (_, instructions) => {
  const bytes = withLastBody(await readTestProgram("shout"), instructions);
  expect(inspectWasm(bytes, null).problems).toEqual([]);
  const { problems } = await inspectProgram(bytes, null);
  expect(problems).toEqual([expect.objectContaining({ code: "invalid", message: expect.stringMatching(/function #\d+.*@\+\d+\.$/) })]);
});

test("of programs with a byte changed, what gets past the door compiles with its memory bounded, and what an engine refuses does not get past", async () => {
  const original = await readTestProgram("shout");
  let position = 0n;
  const random = (below: number) => Number(splitmix64(BigInt(TEST_SEED), position++) % BigInt(below));
  const seen = { passed: 0, invalid: 0 };
  for (let round = 0; round < DAMAGED; round += 1) {
    const bytes = Uint8Array.from(original);
    bytes[random(bytes.length)] = random(256);
    const codes = (await inspectProgram(bytes, 2 ** 28)).problems.map(({ code }) => code);
    if (codes.length === 0) expect(WebAssembly.validate(withMemoryMaximum(bytes, 4096))).toBe(true);
    else if (inspectWasm(bytes, 2 ** 28).problems.length === 0) expect(codes).toEqual(["invalid"]);
    seen.passed += codes.length === 0 ? 1 : 0;
    seen.invalid += codes.includes("invalid") ? 1 : 0;
  }
  expect(seen.passed).toBeGreaterThan(DAMAGED / 20);
  expect(seen.invalid).toBeGreaterThan(DAMAGED / 20);
});
