import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KeptResult } from "#workers/volunteer/storage/storage-contract.ts";
import { openFileStorage } from "./file-storage.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-storage-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const kept = (no: number): KeptResult => ({
  jobId: `job_${"1".repeat(32)}`,
  grantId: `grt_${"2".repeat(32)}`,
  result: { no, outcome: "ok", durationMs: 5, stderr: "ü\n" },
  atMs: 7,
  upload: { url: "/outputs/x", bytes: new Uint8Array([0, 255, no]) },
});

test("results come back as they were kept, until they are dropped", async () => {
  const { results } = await openFileStorage(folder);
  await results.keep(kept(1));
  await results.keep(kept(2));
  await results.keep({ ...kept(2), upload: null });
  const again = await openFileStorage(folder);
  const list = (await again.results.list()).sort((a, b) => a.result.no - b.result.no);
  expect(list).toEqual([kept(1), { ...kept(2), upload: null }]);
  await again.results.drop([
    { grantId: kept(1).grantId, no: 1 },
    { grantId: kept(1).grantId, no: 9 },
  ]);
  expect((await results.list()).map(({ result }) => result.no)).toEqual([2]);
});

test("a file that a crash left torn is removed and hides no other result", async () => {
  const { results } = await openFileStorage(folder);
  await results.keep(kept(1));
  await writeFile(join(folder, "results", "torn.json"), '{"jobId":');
  expect(await results.list()).toEqual([kept(1)]);
  expect(await readdir(join(folder, "results"))).toHaveLength(1);
});

test("programs are found by their digest, and what is not there is not found", async () => {
  const { artifacts } = await openFileStorage(folder);
  await artifacts.keep("ab", new Uint8Array([1, 2, 3]));
  expect(await (await openFileStorage(folder)).artifacts.find("ab")).toEqual(new Uint8Array([1, 2, 3]));
  expect(await artifacts.find("cd")).toBeNull();
});

test("the data of the day comes back, and a file that says nothing usable is as good as none", async () => {
  const { usage } = await openFileStorage(folder);
  expect(await usage.load()).toBeNull();
  await usage.save({ day: "2026-11-24", bytes: 12 });
  expect(await usage.load()).toEqual({ day: "2026-11-24", bytes: 12 });
  await writeFile(join(folder, "data.json"), '{"day":1,"bytes":-5}');
  expect(await usage.load()).toBeNull();
});

test("nobody else can read what is kept", async () => {
  const { results } = await openFileStorage(folder);
  await results.keep(kept(1));
  const [name = ""] = await readdir(join(folder, "results"));
  expect((await stat(join(folder, "results", name))).mode & 0o077).toBe(0);
  expect((await stat(join(folder, "results"))).mode & 0o077).toBe(0);
});
