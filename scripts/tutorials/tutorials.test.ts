import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inspectWasm } from "../../lib/domain/program/inspect-wasm.ts";
import { type JobFile, jobFile, jobJson } from "../../lib/protocol/jobs/job-json.ts";
import { createJob } from "../../lib/server/jobs/create-job.ts";
import { makeAccount } from "../../lib/testing/builders.ts";
import { openTestServices, type TestServices } from "../../lib/testing/services.ts";
import { upload } from "../../lib/testing/submission.ts";
import { buildProgram } from "./build-program.ts";
import { pageBlock } from "./page-block.ts";
import { runJobFile } from "./run-job-file.ts";
import { TUTORIALS } from "./tutorials.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(() => services.close());

test("every page that teaches a language is one of the tutorials", () => {
  const pages = readdirSync(join(ROOT, "docs/guide")).filter((file) => file.startsWith("write-a-program-in-"));
  expect(TUTORIALS.map(({ page }) => page).sort()).toEqual(pages.map((file) => `docs/guide/${file}`).sort());
});

describe.each(TUTORIALS)("$page", ({ page, example, source, language, expected, findToolchain }) => {
  const folder = join(ROOT, "examples", example);
  const markdown = read(page);
  const job: JobFile = jobFile.parse(JSON.parse(read(`examples/${example}/job.json`)));

  test("shows the program and the job file of its example, and how the result begins", () => {
    expect(pageBlock(markdown, language)).toBe(read(`examples/${example}/${source}`));
    expect(pageBlock(markdown, "json")).toBe(read(`examples/${example}/job.json`));
    const beginning = pageBlock(markdown, "text result");
    expect(beginning).toMatch(/\S\n$/);
    expect(read(`examples/${example}/${expected}`).slice(0, beginning.length)).toBe(beginning);
    expect(markdown).toContain(`    npm run shoal -- submit examples/${example}/job.json\n`);
  });

  test("its commands build a program that gives the expected bytes and that an instance takes", { timeout: 300_000 }, async ({ skip }) => {
    const toolchain = findToolchain();
    if (!toolchain.found) {
      process.stderr.write(`${page}: its commands are not run here. Install ${toolchain.install}.\n`);
      skip(`Install ${toolchain.install}.`);
      return;
    }
    const program = await buildProgram(pageBlock(markdown, "sh build"), { example, toolchain });
    expect(inspectWasm(program, job.limits.memoryBytesMax).problems).toEqual([]);
    expect(await runJobFile(job, { folder, program })).toBe(read(`examples/${example}/${expected}`));
    expect(await submit(job, { folder, program })).toMatchObject({ state: "running" });
  });
});

/** What the command `submit` does: uploads what the job file names, and creates the job. */
async function submit(job: JobFile, { folder, program }: { folder: string; program: Uint8Array }) {
  const { ctx } = await makeAccount(services, 1_000_000_000n);
  const artifact = await upload(ctx, "program", program);
  const input = job.input && "path" in job.input ? await upload(ctx, "input", readFileSync(join(folder, job.input.path))) : undefined;
  return await createJob(ctx, jobJson.parse({ ...job, program: { ...job.program, artifact }, input }));
}
