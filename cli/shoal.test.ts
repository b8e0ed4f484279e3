import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { answerTo, grantInOrder, ScriptedInstance } from "#workers/volunteer/testing/scripted-instance.ts";
import { type Ended, startHere } from "./testing/run-here.ts";

const SHOAL = join(import.meta.dirname, "shoal.ts");
const JOB = `job_${"1".repeat(32)}` as const;
const GRANT = `grt_${"2".repeat(32)}` as const;

let folder: string;
let running: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-cli-"));
  running = [];
});

afterEach(async () => {
  for (const child of running) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

function start(args: string[], env: Record<string, string> = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [SHOAL, ...args], { env: { NODE_ENV: "test", PATH: process.env.PATH, HOME: folder, ...env } });
  running.push(child);
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk));
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk));
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, out, err })));
  return { child, ended };
}

/** What ends before it computes needs no process of its own. */
const runHere = async (args: string[]): Promise<Ended> => await startHere(args, { env: { HOME: folder } }).ended;
const run = async (args: string[], env: Record<string, string> = {}): Promise<Ended> => await start(args, env).ended;

async function until(isTrue: () => boolean): Promise<void> {
  for (const startedAt = Date.now(); !isTrue(); ) {
    if (Date.now() - startedAt > 60_000) throw new Error("It did not happen in 60 s.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("what was typed wrongly", () => {
  test.each([
    [["frobnicate"], 2, "There is no command “frobnicate”"],
    [["volunteer", "--corse", "2"], 2, "--corse"],
    [["volunteer", "--cores", "0"], 2, "--cores must be a whole number"],
    [["volunteer", "--share", "101"], 2, "--share must be a whole number"],
    [["volunteer", "--hours", "22-7"], 2, "--hours must be two times of the day"],
    [["volunteer", "--gpu", "maybe"], 2, "--gpu must be on or off"],
    [["volunteer", "--job", "42"], 2, "--job must look like job_"],
    [["volunteer", "--topic", " "], 2, "--topic must have 1 to 40 characters"],
    [["volunteer", "--server", "nowhere"], 2, "--server must be a URL"],
    [["volunteer", "--name", "../up"], 2, "--name may use letters"],
    [["watch", "job_1"], 2, "is not the id of a job"],
    [["jobs"], 2, "An API key is needed"],
    [["submit", "absent.json"], 2, "there is no file"],
  ])("%j ends with %i and says why", async (args, code, words) => {
    const ended = await runHere(args);
    expect(ended.err).toContain(words);
    expect(ended.code).toBe(code);
  });

  test("an instance that is not there is named as the reason", async () => {
    const ended = await runHere(["jobs", "--key", "k", "--server", "http://127.0.0.1:9"]);
    expect(ended).toMatchObject({ code: 1, err: expect.stringContaining("cannot be reached") });
  });
});

describe("submit", () => {
  const job = {
    version: 1,
    name: "A job",
    program: { runtime: "wasi", artifact: { path: "program.wasm" } },
    input: { path: "input.txt" },
    slicing: { mode: "lines", linesPerShard: 1 },
  };
  const submit = async (document: unknown): Promise<Ended> => {
    await writeFile(join(folder, "job.json"), typeof document === "string" ? document : JSON.stringify(document));
    return await runHere(["submit", join(folder, "job.json"), "--key", "k", "--server", "http://127.0.0.1:9"]);
  };

  test("a document that is not JSON, or has an unknown field, is refused with the field", async () => {
    expect((await submit("{")).err).toContain("is not JSON");
    expect((await submit({ ...job, extra: 1 })).err).toMatch(/not a right job file.*extra/s);
  });

  test("absent files, folders and symbolic links are refused before anything travels", async () => {
    expect((await submit(job)).err).toContain("program.artifact: there is no file");
    await mkdir(join(folder, "program.wasm"));
    expect((await submit(job)).err).toContain("is not a file");
    await rm(join(folder, "program.wasm"), { recursive: true });
    await symlink("/etc/hostname", join(folder, "program.wasm"));
    expect((await submit(job)).err).toContain("is a symbolic link");
  });
});

describe("volunteer", () => {
  test("computes, keeps its key to itself, refuses a second process, and hands everything back at Ctrl-C", async () => {
    await using instance = new ScriptedInstance((input) => answerTo(input));
    await instance.listen();
    const program = instance.addArtifact(await readTestProgram("misbehave"));
    const limits = { timeMsMax: 60_000, memoryBytesMax: 64 * 1024 * 1024, outputBytesMax: 1000 };
    const manifest = {
      jobId: JOB,
      name: "Test job",
      description: "",
      topic: "tests",
      runtime: "wasi" as const,
      program,
      args: ["loop"],
      files: [],
      slicing: { mode: "lines" as const, linesPerShard: 1 },
      format: "bytes" as const,
      limits,
      seed: "0",
    };
    instance.script = grantInOrder(
      [{ jobId: JOB, grantId: GRANT, fromNo: 0, toNo: 2, deadlineMs: Date.now() + 45_000, outputUrl: "/outputs/{sha256}" }],
      [manifest],
    );
    const profile = join(folder, "profile");
    const args = ["volunteer", "--server", instance.url, "--profile", profile, "--cores", "1"];
    const { child, ended } = start([...args, "--trusted", "CODE"]);
    await until(() => instance.exchanges.length >= 1);
    expect(instance.registrations).toEqual([{ kind: "headless", enrolmentCode: "CODE", consent: { privacy: "2026-01-01", terms: "2026-01-01" } }]);
    expect((await stat(join(profile, "device.json"))).mode & 0o777).toBe(0o600);
    const second = await run(args);
    expect(second).toMatchObject({ code: 2, err: expect.stringContaining("computes with this device already") });
    child.kill("SIGINT");
    const { code, err } = await ended;
    expect(err).toContain("Handing everything back");
    for (const text of ["privacy", "terms"]) expect(err).toContain(`By going on you agree to ${instance.url}/${text}, version 2026-01-01.`);
    expect(code).toBe(0);
    expect(instance.exchanges.at(-1)?.abandoned).toEqual([{ jobId: JOB, grantId: GRANT }]);
    expect(Number(await readFile(join(profile, "seq"), "utf8"))).toBeGreaterThan(1_700_000_000_000);
    expect(instance.problems).toEqual([]);
  });

  test("keeps trying an instance that is not there, says so once, and still ends at Ctrl-C", async () => {
    const { child, ended } = start(["volunteer", "--server", "http://127.0.0.1:9", "--profile", join(folder, "profile"), "--cores", "1"]);
    let told = "";
    child.stderr?.on("data", (chunk: Buffer) => (told += chunk));
    await until(() => told.includes("cannot be reached"));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill("SIGINT");
    const { code, err } = await ended;
    expect(code).toBe(0);
    expect(err.split("\n").filter((line) => line.startsWith("starting") && line.includes("cannot be reached"))).toHaveLength(1);
  });

  test("a key file that was damaged is not overwritten", async () => {
    const profile = join(folder, "profile");
    await mkdir(profile);
    await writeFile(join(profile, "device.json"), "{}");
    const ended = await run(["volunteer", "--server", "http://127.0.0.1:9", "--profile", profile]);
    expect(ended).toMatchObject({ code: 2, err: expect.stringContaining("does not hold a device's key") });
    expect(await readFile(join(profile, "device.json"), "utf8")).toBe("{}");
  });
});
