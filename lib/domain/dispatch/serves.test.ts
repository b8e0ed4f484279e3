import { expect, test } from "vitest";
import { serves, toggleServed } from "./serves.ts";

const job = { jobId: "job_1", topic: "Genomics" };

test("a device that chose nothing serves everything", () => {
  expect(serves(null, job)).toBe(true);
});

test("a choice lets through its jobs and its topics in any case, and nothing else", () => {
  expect(serves({ jobs: ["job_1"], topics: [] }, job)).toBe(true);
  expect(serves({ jobs: [], topics: [" genomics"] }, job)).toBe(true);
  expect(serves({ jobs: ["job_2"], topics: ["physics"] }, job)).toBe(false);
  expect(serves({ jobs: [], topics: [""] }, job)).toBe(false);
});

test("taking the last choice back serves everything again", () => {
  const one = toggleServed(null, "topics", "physics");
  expect(one).toEqual({ jobs: [], topics: ["physics"] });
  const two = toggleServed(one, "jobs", "job_1");
  expect(two).toEqual({ jobs: ["job_1"], topics: ["physics"] });
  expect(toggleServed(toggleServed(two, "topics", "physics"), "jobs", "job_1")).toBeNull();
});
