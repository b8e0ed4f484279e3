import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jobFile } from "#lib/protocol/jobs/job-json.ts";
import { argsOf, countSteps, drawRows, toPgm, VIEW } from "./mandelbrot-reference.ts";

const read = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path));
const job = jobFile.parse(JSON.parse(read("job.json").toString()));

test("job.json asks for the view that is expected", () => {
  expect(job.program.args).toEqual(argsOf(VIEW));
  expect(job.slicing).toEqual({ mode: "range", from: 0, to: VIEW.height, step: 1, valuesPerShard: 8 });
  expect(job.program.kernel?.bindings.at(-1)).toMatchObject({ kind: "output", bytes: 8 * VIEW.width * 2 });
  expect(job.program.kernel?.loopIterationsMax).toBeGreaterThanOrEqual(2 * VIEW.iterationsMax);
});

test("the expected counts are those of the reference, and the picture is made of them", () => {
  const counts = read("expected", "counts.bin");
  expect(counts).toHaveLength(VIEW.width * VIEW.height * 2);
  for (const row of [0, 47, 95]) {
    expect(Buffer.compare(counts.subarray(row * VIEW.width * 2, (row + 1) * VIEW.width * 2), drawRows(VIEW, row, row + 1))).toBe(0);
  }
  expect(Buffer.compare(read("expected", "mandelbrot.pgm"), toPgm(VIEW, counts))).toBe(0);
});

test("the reference knows what everybody knows about the set", () => {
  const view = { x: "0", y: "0", viewWidth: "4", width: 4, height: 4, iterationsMax: 50 };
  // Columns are −2, −1, 0 and 1 and rows 2, 1, 0 and −1 times i; 0, −1 and i stay for ever, and a count ends where |z| reaches 2.
  const counts = [2, 1, 0, 3].map((column) => countSteps(view, column, 2));
  expect(counts).toEqual([50, 50, 1, 2]);
  expect(countSteps(view, 2, 1)).toBe(50);
  expect(countSteps(view, 0, 0)).toBe(1);
});
