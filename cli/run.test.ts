import { execFile } from "node:child_process";
import { access, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sweep } from "#lib/server/background/sweep.ts";
import { ErrandDevice } from "#lib/testing/errand-device.ts";
import { openTestInstance, type TestInstance } from "#lib/testing/instance/open-test-instance.ts";
import { makeZip } from "#lib/testing/make-zip.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { type Ended, type Running, startHere } from "./testing/run-here.ts";

const SHOAL = join(import.meta.dirname, "shoal.ts");
const PROGRAM = join(import.meta.dirname, "../lib/testing/programs/shout.wasm");
const LOOP = join(import.meta.dirname, "../lib/testing/programs/misbehave.wasm");
const TEST_MS_MAX = 120_000;
const startedIn = process.cwd();

let instance: TestInstance;
let folder: string;
let key: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-run-"));
  instance = await openTestInstance();
  ({ key } = await instance.makeOwner());
  await instance.startDevice();
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(startedIn);
  await instance.close();
  await rm(folder, { recursive: true, force: true });
});

const env = () => ({ PATH: process.env.PATH, NODE_ENV: "test" as const, HOME: folder, SHOAL_SERVER: instance.url, SHOAL_API_KEY: key });
const start = (args: string[], input?: string): Running => startHere(args, { env: env(), input });
const run = async (args: string[], input?: string): Promise<Ended> => await start(args, input).ended;
const until = async (isTrue: () => boolean): Promise<void> => {
  for (const startedAt = Date.now(); !isTrue() && Date.now() - startedAt < 60_000; ) await new Promise((resolve) => setTimeout(resolve, 50));
};
const jobIn = ({ err }: Ended): string => /job_[0-9a-f]{32}/.exec(err)?.[0] ?? "";
const ALONE = ["--quorum", "1"];

const REDUCER = join(import.meta.dirname, "../lib/testing/programs/chain.wasm");

/** A trusted device beside the instance, and the sweeper that asks it, until the test ends. */
async function runReducers(): Promise<() => Promise<void>> {
  const device = await ErrandDevice.open(instance.services);
  await instance.services.db`update devices set last_seen_at = now() where trusted`;
  const stopped = new AbortController();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await sweep(instance.services);
      await device.runAll();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return async () => {
    stopped.abort();
    await running;
  };
}

describe("run with a reducer of one's own", { timeout: TEST_MS_MAX }, () => {
  test("waits for it, and writes the same bytes as --local; the outputs can be had beside it", async () => {
    const stop = await runReducers();
    const args = ["run", PROGRAM, "--split", "lines", "--output", "text", "--reduce", REDUCER, ...ALONE];
    const ended = await run(args, "a\nb\nc\n");
    await stop();
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/^[0-9a-f]{16} 6\n$/) });
    expect(await run([...args, "--local"], "a\nb\nc\n")).toMatchObject({ code: 0, out: ended.out });
    expect(await run(["results", jobIn(ended), "--outputs"])).toMatchObject({ code: 0, out: "A\nB\nC\n" });
  });

  test("is refused in words where nothing could run it, and where there is no such file", async () => {
    await instance.services.db`update devices set trusted = false`;
    const refused = await run(["run", PROGRAM, "--split", "lines", "--reduce", REDUCER, ...ALONE], "a\n");
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain("No trusted device is there that could run the reducer");
    expect((await run(["run", PROGRAM, "--split", "lines", "--reduce", "none.wasm"], "a\n")).err).toContain("reducer.artifact: there is no file");
    await copyFile(LOOP, join(folder, "loop.wasm"));
    const failing = await run(
      ["run", PROGRAM, "--split", "lines", "--reduce", '{"kind":"wasi","artifact":{"path":"loop.wasm"},"args":["exit","7"]}', "--local"],
      "a\n",
    );
    expect(failing).toMatchObject({ out: "", err: expect.stringContaining("The reducer ended with exit_code") });
    expect(failing.code).not.toBe(0);
  });
});

describe("run on an instance", { timeout: TEST_MS_MAX }, () => {
  test("reads standard input, writes the result to standard output and everything else beside it", async () => {
    await writeFile(join(folder, "query.txt"), "a query");
    const ended = await run(["run", PROGRAM, "--split", "lines:2", ...ALONE, "--", "query.txt", "{shard}"], "a\nb\nc\n");
    expect(ended).toMatchObject({ code: 0, out: "/data/query.txt 0 A\nB\n/data/query.txt 1 C\n" });
    for (const words of ["By going on you agree", "Submitted job_", "query.txt is a file here", "done"]) expect(ended.err).toContain(words);
  });

  test("writes a file whole, and the same bytes as --local", async () => {
    await writeFile(join(folder, "in.txt"), "one\ntwo\nthree\n");
    const args = ["run", PROGRAM, "--split", "lines", "--input", "in.txt", ...ALONE];
    expect(await run([...args, "--out", "far.txt"])).toMatchObject({ code: 0, out: "" });
    expect(await run([...args, "--out", "near.txt", "--local"])).toMatchObject({ code: 0, out: "" });
    expect(await readFile(join(folder, "far.txt"), "utf8")).toBe("ONE\nTWO\nTHREE\n");
    expect(await readFile(join(folder, "near.txt"), "utf8")).toBe("ONE\nTWO\nTHREE\n");
  });

  test("a reduced result is the same to the byte as with --local", async () => {
    const args = ["run", PROGRAM, "--split", "lines", "--output", "text", "--reduce", "mean", ...ALONE];
    const [far, near] = await Promise.all([run(args, "0.1\n0.2\n0.4\n"), run([...args, "--local"], "0.1\n0.2\n0.4\n")]);
    expect(far).toMatchObject({ code: 0, out: expect.stringContaining('"standardError"') });
    expect(near.out).toBe(far.out);
  });

  test("ends with 3 when a shard failed, and writes what there is", async () => {
    const ended = await run(["run", PROGRAM, "--split", "lines", ...ALONE, "--", "--fail-on", "b"], "a\nb\nc\n");
    expect(ended).toMatchObject({ code: 3, out: "A\nC\n", err: expect.stringContaining("2 of 3 shards were accepted, 1 failed.") });
  });

  test("leaves the job running at Ctrl-C, and comes back to it by its id", async () => {
    const left = start(["run", PROGRAM, "--split", "lines", "--quorum", "2"], "a\nb\n");
    await until(() => left.seen.err.includes("Submitted"));
    left.interrupt();
    const ended = await left.ended;
    const id = jobIn(ended);
    expect(ended).toMatchObject({ code: 130, err: expect.stringContaining(`shoal run --resume ${id}`) });
    expect(await run(["pause", id])).toMatchObject({ code: 0, err: expect.stringContaining("paused") });
    expect(await run(["resume", id])).toMatchObject({ code: 0, err: expect.stringContaining("shards/s") });
    const back = run(["run", "--resume", id, "--json"]);
    await instance.startDevice();
    const resumed = await back;
    expect(resumed).toMatchObject({ code: 0, out: "A\nB\n" });
    const told = resumed.err
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { accepted: number });
    expect(told.at(-1)).toMatchObject({ state: "final", accepted: 2, total: 2 });
  });

  test("the guide's pipe runs as it stands, in a shell", async () => {
    const page = await readFile(join(import.meta.dirname, "../docs/guide/use-the-terminal.md"), "utf8");
    const [, pipe = ""] = /^```sh\n(zcat .*)\n```/m.exec(page) ?? [];
    const place = join(folder, "guide");
    await mkdir(place);
    await writeFile(join(place, "shoal"), `#!/bin/sh\nexec "${process.execPath}" "${SHOAL}" "$@"\n`, { mode: 0o755 });
    await writeFile(join(place, "db.fa.gz"), gzipSync(">x\nac\n>y\ngt\n"));
    await writeFile(join(place, "q.fa"), ">q\na\n");
    await copyFile(PROGRAM, join(place, "align.wasm"));
    const { stderr } = await promisify(execFile)("sh", ["-ec", pipe], { cwd: place, env: { ...env(), PATH: `${place}:${process.env.PATH}` } });
    expect(stderr).toContain("q.fa is a file here: the program reads it as /data/q.fa.");
    expect(await readFile(join(place, "hits.csv"), "utf8")).toBe("--query /data/q.fa >X\nAC\n>Y\nGT\n");
  });

  test("submit, watch, results, jobs and cancel speak of the same job", async () => {
    const id = (await run(["submit", PROGRAM, "--split", "lines", "--name", "By hand", ...ALONE], "a\n")).out.trim();
    expect(await run(["watch", id])).toMatchObject({ code: 0, err: expect.stringContaining("By hand: 1 of 1 shards (100 %) · done") });
    expect(await run(["results", id])).toMatchObject({ code: 0, out: "A\n", err: expect.stringContaining("holds 1 of 1 shards") });
    expect((await run(["jobs", "--limit", "1"])).out).toContain(id);
    expect(JSON.parse((await run(["jobs", "--limit", "1", "--json"])).out)).toMatchObject({ id, name: "By hand", state: "final" });
    expect(await run(["cancel", id])).toMatchObject({ code: 1, err: expect.stringContaining("has ended") });
    const other = (await run(["submit", PROGRAM, "--split", "lines", "--quorum", "5"], "a\n")).out.trim();
    expect(JSON.parse((await run(["cancel", other, "--json"])).out)).toMatchObject({ state: "cancelled" });
    expect(await run(["watch", other])).toMatchObject({ code: 3 });
  });
});

test("as a process of its own it reads a pipe, writes to one, and ends with the command's code", { timeout: TEST_MS_MAX }, async () => {
  const call = promisify(execFile)(process.execPath, [SHOAL, "run", "--local", PROGRAM, "--split", "lines", "--cores", "1", "--", "--fail-on", "b"], {
    env: env(),
    cwd: folder,
  });
  call.child.stdin?.end("a\nb\n");
  await expect(call).rejects.toMatchObject({ code: 3, stdout: "A\n", stderr: expect.stringContaining("Shard 1 ended with exit_code 3: found b") });
});

describe("run on this machine", { timeout: TEST_MS_MAX }, () => {
  const local = (args: string[], input?: string) => run(["run", "--local", "--server", "http://127.0.0.1:9", ...args], input);

  test("computes a range on several cores in order, and shows progress", async () => {
    const ended = await local([PROGRAM, "--split", "range:0..40:4", "--cores", "2", "--", "{from}-{to}"]);
    expect(ended.out.trim().split(/\s+/)).toEqual(Array.from({ length: 10 }, (_, i) => `${4 * i}-${4 * i + 4}`));
    expect(ended).toMatchObject({ code: 0, err: expect.stringContaining("shout: 10 of 10 shards (100 %)") });
  });

  // What each mode cuts is held by the domain's tests; here that the terminal passes it on, of an input and of none.
  const splits: [string[], string | undefined, string[], string][] = [
    [["csv:1"], "h\na\nb\n", [], "H\nA\nH\nB\n"],
    [["grid:x=1,2;y=a,b"], undefined, ["{x}{y}"], "1a 1b 2a 2b "],
    [["bytes:2"], "abcd", ["{from}-{to}"], "0-2 AB2-4 CD"],
    [["ndjson"], '{"a":1}\n{"a":2}\n', [], '{"A":1}\n{"A":2}\n'],
    [["fasta:1"], ">x\nac\n>y\ngt\n", [], ">X\nAC\n>Y\nGT\n"],
    [["repeat:2"], undefined, ["{run}"], "0 1 "],
  ];
  test.each(splits.slice(0, atSize(2, splits.length)))("cuts by %j", async ([split = ""], input, args, out) => {
    expect(await local([PROGRAM, "--split", split, "--cores", "1", "--", ...args], input)).toMatchObject({ code: 0, out });
  });

  test("cuts a zip into its files, whose names the arguments have", async () => {
    await writeFile(
      join(folder, "in.zip"),
      makeZip([
        { name: "b.txt", content: "second" },
        { name: "a.txt", content: "first" },
      ]),
    );
    const ended = await local([PROGRAM, "--split", "files", "--input", "in.zip", "--cores", "1", "--", "{file}:"]);
    expect(ended).toMatchObject({ code: 0, out: "a.txt: FIRSTb.txt: SECOND" });
  });

  test.each([
    [["--output", "text", "--reduce", "sum"], "3\n4.5\n", '"value": 7.5'],
    [["--output", "csv", "--reduce", "top-k:2:V"], "v,n\n1,x\n9,y\n5,z\n", "V,N\n9,Y\n5,Z\n"],
    [["--output", "text", "--reduce", "histogram:0..10*2"], "1\n2\n7\n", '"counts": [\n    2,\n    1\n  ]'],
  ])("reduces with %j", async (options, input, out) => {
    const split = options.includes("csv") ? "csv:1" : "lines";
    const ended = await local([PROGRAM, "--split", split, "--cores", "1", ...options], input);
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining(out) });
  });

  test("names a shard that failed with what it said, ends one that does not end, and leaves no half file", async () => {
    const failed = await local([PROGRAM, "--split", "lines", "--out", "half.txt", "--", "--fail-on", "b"], "a\nb\n");
    expect(failed).toMatchObject({ code: 3, err: expect.stringContaining("Shard 1 ended with exit_code 3: found b") });
    const late = await local([LOOP, "--split", "range:0..1", "--time-ms", "300", "--", "loop"]);
    expect(late).toMatchObject({ code: 3, err: expect.stringContaining("Shard 0 ended with timeout") });
    const endless = start(["run", "--local", LOOP, "--split", "range:0..1", "--out", "never.txt", "--", "loop"]);
    await until(() => endless.seen.err.includes("0 of 1 shards"));
    endless.interrupt();
    expect((await endless.ended).code).toBe(130);
    await expect(access(join(folder, "never.txt.part"))).rejects.toThrow("ENOENT");
  });

  test.each([
    [["--split", "lines"], "", "The input holds no lines"],
    [["--split", "lines", "--input", "absent.txt"], undefined, "input: there is no file"],
    [["--split", "moons:3"], "", "--split takes"],
    [["--split", "lines:0"], "a\n", "slicing.linesPerShard"],
    [["--split", "lines", "--memory-mib", "x"], "a\n", "limits.memoryBytesMax"],
    [[], "", "--split is missing"],
    [["--split", "lines", "--reduce", "sum"], "1\n", "reducer.kind: sum needs outputs that hold numbers"],
    [["--split", "lines", "--output", "ndjson", "--reduce", "mean"], "1\n", "reducer.field: is needed with the format ndjson"],
    [["--split", "lines", "--output", "text", "--reduce", "sum:x"], "1\n", "reducer.field: belongs to csv"],
    [["--split", "lines", "--output", "text", "--reduce", "top-k:0"], "1\n", "reducer.k"],
    [["--split", "lines", "--reduce", "median"], "1\n", "--reduce takes"],
  ])("%j is refused in words", async (args, input, words) => {
    const ended = await local([PROGRAM, ...args], input);
    expect(ended.err).toContain(words);
    expect([1, 2]).toContain(ended.code);
  });

  test("inspect says what a program needs, and why another would be refused", async () => {
    expect(await run(["inspect", PROGRAM])).toMatchObject({ code: 0, out: expect.stringContaining("wasi_snapshot_preview1.fd_write") });
    await writeFile(join(folder, "bad.wasm"), "not a module");
    expect(await run(["inspect", "bad.wasm", "--json"])).toMatchObject({ code: 1, out: expect.stringContaining('"problems":[{') });
  });
});
