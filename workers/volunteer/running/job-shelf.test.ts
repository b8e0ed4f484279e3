import { expect, test } from "vitest";
import type { JobId } from "#lib/domain/ids.ts";
import type { JobManifest } from "#lib/protocol/exchange/exchange.ts";
import { JobShelf } from "./job-shelf.ts";

const jobId = (n: number): JobId => `job_${n.toString(16).padStart(32, "0")}`;
const manifest = (n: number, program = `p${n}`): JobManifest => ({
  jobId: jobId(n),
  name: `Job ${n}`,
  description: "",
  topic: "tests",
  runtime: "wasi",
  program: { sha256: program, url: `/${program}` },
  args: [],
  files: [{ name: "table", sha256: "table", url: "/table" }],
  slicing: { mode: "lines", linesPerShard: 1 },
  format: "bytes",
  limits: { timeMsMax: 1000, memoryBytesMax: 1 << 20, outputBytesMax: 1000 },
  seed: "0",
});

function shelfOver(fetched: string[], sizes: Record<string, number> = {}): JobShelf {
  return new JobShelf(async ({ url }) => {
    fetched.push(url);
    const bytes = new Uint8Array(4);
    Object.defineProperty(bytes, "length", { value: sizes[url] ?? 4 });
    return bytes;
  });
}

test("what two jobs share is fetched once, also when they ask at the same moment", async () => {
  const fetched: string[] = [];
  const shelf = shelfOver(fetched);
  shelf.put(manifest(1));
  shelf.put(manifest(2));
  await Promise.all([shelf.load(jobId(1)), shelf.load(jobId(2)), shelf.load(jobId(1))]);
  expect(fetched.sort()).toEqual(["/p1", "/p2", "/table"]);
});

test("a failed fetch is tried again by the next call, and not before", async () => {
  let failures = 1;
  const shelf = new JobShelf(async ({ url }) => {
    if (url === "/p1" && failures-- > 0) throw new Error("no");
    return new Uint8Array(1);
  });
  shelf.put(manifest(1));
  await expect(shelf.load(jobId(1))).rejects.toThrow("no");
  await expect(shelf.load(jobId(1))).resolves.toMatchObject({ programSha256: "p1" });
});

test("a forgotten job is no longer known, and what it needed is fetched anew", async () => {
  const fetched: string[] = [];
  const shelf = shelfOver(fetched);
  shelf.put(manifest(1));
  await shelf.load(jobId(1));
  shelf.forget(jobId(1));
  expect(shelf.known()).toEqual([]);
  await expect(shelf.load(jobId(1))).rejects.toThrow("Nothing is known");
  shelf.put(manifest(1));
  await shelf.load(jobId(1));
  expect(fetched.filter((url) => url === "/p1")).toHaveLength(2);
});

test("jobs beyond the bound go, the longest unused first, but never one that is held", async () => {
  const shelf = shelfOver([]);
  for (let n = 1; n <= 20; n++) shelf.put(manifest(n));
  await shelf.load(jobId(2));
  shelf.trim((id) => id === jobId(1));
  expect(shelf.known()).toHaveLength(16);
  expect(shelf.known()).toEqual(expect.arrayContaining([jobId(1), jobId(2)]));
  expect(shelf.known()).not.toContain(jobId(3));
});

test("bytes beyond the bound go, but not those of a held job", async () => {
  const fetched: string[] = [];
  const big = 300 * 1024 * 1024;
  const shelf = shelfOver(fetched, { "/p1": big, "/p2": big });
  shelf.put(manifest(1));
  shelf.put(manifest(2));
  await shelf.load(jobId(1));
  await shelf.load(jobId(2));
  shelf.trim((id) => id === jobId(1));
  await shelf.load(jobId(1));
  await shelf.load(jobId(2));
  expect(fetched.filter((url) => url === "/p1")).toHaveLength(1);
  expect(fetched.filter((url) => url === "/p2")).toHaveLength(2);
});
