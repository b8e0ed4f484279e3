import { expect, test } from "vitest";
import { compileTestProgram, readTestProgram, TEST_PROGRAMS } from "./build-programs.ts";

test.each(TEST_PROGRAMS)("the committed module of %s is what its source compiles to, byte for byte", async (program) => {
  expect(Buffer.from(await compileTestProgram(program)).equals(await readTestProgram(program))).toBe(true);
});
