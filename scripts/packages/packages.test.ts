import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestInstance, type TestInstance } from "#lib/testing/instance/open-test-instance.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { buildCli } from "./build-cli.ts";
import { buildSdk } from "./build-sdk.ts";
import { ROOT } from "./write-package.ts";

const BUILD_MS_MAX = 300_000;
const JOB_MS_MAX = 120_000;
const run = promisify(execFile);

/** What somebody writes who knows nothing but the package. */
const USER_FILE = `
import { ApiError, createShoal, type JobRequest, type JobView, type ShardResult } from "@shoal-compute/sdk";

const shoal = createShoal({ url: process.env.URL ?? "", key: process.env.KEY ?? "" });
const request: JobRequest = { program: await load(), input: "a\\nb\\n", slicing: { mode: "lines", linesPerShard: 1 }, verification: { quorum: 1 } };
const job = await shoal.run(request, { idempotencyKey: "once" });
const seen: ShardResult[] = [];
for await (const result of job.results()) seen.push(result);
const view: JobView = await job.wait();
console.log(JSON.stringify([view.state, seen.map((result) => (result.ok ? result.text() : result.reason?.code))]));
// @ts-expect-error: a slicing that there is not
const wrong: JobRequest = { program: "", slicing: { mode: "slices" } };
await shoal.run(wrong).catch((error: unknown) => console.log(error instanceof ApiError ? error.field : "another error"));

async function load(): Promise<Uint8Array> {
  const { readFile } = await import("node:fs/promises");
  return await readFile("program.wasm");
}
`;

let folder: string;
let instance: TestInstance;
let key: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-packages-"));
  const tarballs: string[] = [];
  for (const [name, make] of [
    ["sdk", buildSdk],
    ["cli", buildCli],
  ] as const) {
    const made = join(folder, "made", name);
    await make(made);
    await npm(["pack", "--pack-destination", folder], made);
  }
  for (const name of await readdir(folder)) if (name.endsWith(".tgz")) tarballs.push(`../${name}`);
  await mkdir(join(folder, "user"));
  await writeFile(join(folder, "user/package.json"), '{ "name": "user", "version": "1.0.0", "private": true, "type": "module" }');
  await npm(["install", "--offline", "--no-audit", "--no-fund", ...tarballs], join(folder, "user"));
  await writeFile(join(folder, "user/program.wasm"), await readTestProgram("shout"));
  instance = await openTestInstance();
  key = (await instance.makeOwner()).key;
  await instance.startDevice();
}, BUILD_MS_MAX);
afterAll(async () => {
  await instance?.close();
  await rm(folder, { recursive: true, force: true });
});

/** npm as a user has it: nothing of this checkout's settings, an empty cache. */
async function npm(args: string[], cwd: string): Promise<void> {
  await run("npm", args, {
    cwd,
    env: { PATH: pathOf(), HOME: folder, npm_config_cache: join(folder, "cache"), npm_config_update_notifier: "false" } as unknown as NodeJS.ProcessEnv,
  });
}
const pathOf = () => `${dirname(process.execPath)}:${process.env.PATH ?? ""}`;
const user = () => ({ cwd: join(folder, "user"), env: { PATH: pathOf(), HOME: folder, URL: instance.url, KEY: key } as unknown as NodeJS.ProcessEnv });
const shoal = async (...args: string[]) => await run(join(folder, "user/node_modules/.bin/shoal"), args, user());

test("install without asking anybody, and bring nothing else along", async () => {
  const installed = await readdir(join(folder, "user/node_modules"));
  expect(installed.filter((name) => !name.startsWith("."))).toEqual(["@shoal-compute"]);
  for (const name of ["sdk", "cli"]) {
    const own = join(folder, "user/node_modules/@shoal-compute", name);
    expect(JSON.parse(await readFile(join(own, "package.json"), "utf8"))).toMatchObject({
      name: `@shoal-compute/${name}`,
      type: "module",
      license: "Apache-2.0",
    });
    expect(await readFile(join(own, "LICENSE"), "utf8")).toContain("Apache License");
    const text = (await Promise.all((await readdir(own)).filter((file) => file.endsWith(".js")).map((file) => readFile(join(own, file), "utf8")))).join("");
    expect(text).not.toContain(ROOT);
  }
});

describe("the SDK", () => {
  test(
    "type-checks a user's file, libraries too, and runs its job",
    async () => {
      const { cwd } = user();
      await writeFile(join(cwd, "user.ts"), USER_FILE);
      const compilerOptions = {
        target: "es2023",
        lib: ["es2023", "dom", "dom.iterable"],
        module: "nodenext",
        strict: true,
        skipLibCheck: false,
        noEmit: true,
        types: ["node"],
        typeRoots: [join(ROOT, "node_modules/@types")],
      };
      await writeFile(join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["user.ts"] }));
      const checked = await run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", cwd], { cwd }).catch(
        (error: { stdout: string }) => error,
      );
      expect(checked.stdout).toBe("");
      const { stdout } = await run(process.execPath, ["user.ts"], user());
      expect(stdout).toBe('["final",["A\\n","B\\n"]]\nslicing.mode\n');
    },
    JOB_MS_MAX,
  );

  test("gives a bundler only what is imported, in pages too", async () => {
    const sizeOf = async (code: string) => {
      const stdin = { contents: code, resolveDir: join(folder, "user"), loader: "js" } as const;
      const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: "esm", platform: "browser", write: false, logLevel: "error" });
      return outputFiles[0]?.contents.length ?? 0;
    };
    const errors = await sizeOf('import { ApiError } from "@shoal-compute/sdk"; console.log(ApiError);');
    const whole = await sizeOf('import * as sdk from "@shoal-compute/sdk"; console.log(sdk);');
    expect(errors).toBeLessThan(whole / 4);
    expect(await sizeOf('import "@shoal-compute/sdk";')).toBeLessThan(50);
  });
});

describe("the command line", () => {
  test(
    "has a job computed by the instance",
    async () => {
      const { cwd } = user();
      await writeFile(join(cwd, "input.txt"), "a\nb\nc\n");
      const args = ["run", "program.wasm", "--split", "lines:1", "--input", "input.txt", "--quorum", "1", "--server", instance.url, "--key", key];
      expect((await shoal(...args)).stdout).toBe("A\nB\nC\n");
    },
    JOB_MS_MAX,
  );

  test(
    "runs the same job on this machine's cores, in threads of its own",
    async () => {
      await copyFile(join(ROOT, "LICENSE"), join(user().cwd, "lines.txt"));
      const { stdout } = await shoal("run", "program.wasm", "--split", "lines:50", "--input", "lines.txt", "--local", "--cores", "2");
      expect(stdout).toBe((await readFile(join(ROOT, "LICENSE"), "utf8")).toUpperCase());
    },
    JOB_MS_MAX,
  );

  test("explains itself, and has every program that it starts beside it", async () => {
    expect((await shoal("help")).stdout).toContain("shoal run PROGRAM --split");
    const files = await readdir(join(user().cwd, "node_modules/@shoal-compute/cli"));
    expect(files).toEqual(expect.arrayContaining(["shoal.js", "executor.node.worker.js", "contained-child.js", "gpu-child.js", "guardian.js"]));
    const guarding = await shoal("guardian", "--server", instance.url).catch((error: { code: number; stderr: string }) => error);
    expect(guarding).toMatchObject({ code: 1, stderr: expect.stringContaining("is missing or wrong") });
  });
});
