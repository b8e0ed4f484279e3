import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAccount } from "#lib/testing/builders.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { withLastBody } from "#lib/testing/programs/with-last-body.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, makeSubmission } from "#lib/testing/submission.ts";
import { createJob } from "../create-job.ts";

const EXAMPLES = join(import.meta.dirname, "../../../../examples");

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({});
});
afterAll(async () => {
  await services.close();
});

async function submit(example: string, change: (submission: Awaited<ReturnType<typeof makeSubmission>>) => unknown = () => undefined, source?: string) {
  const { ctx } = await makeAccount(services);
  const { program, ...fields } = JSON.parse(readFileSync(join(EXAMPLES, example, "job.json"), "utf8"));
  const programBytes = new TextEncoder().encode(source ?? readFileSync(join(EXAMPLES, example, `${example}.wgsl`), "utf8"));
  const submission = await makeSubmission(ctx, { ...fields, programBytes });
  submission.program = { ...submission.program, ...program, artifact: submission.program.artifact };
  submission.program.kernel?.passes.forEach((pass) => {
    pass.in ??= "every";
  });
  change(submission);
  const before = await countRows(services.db);
  try {
    return await createJob(ctx, submission as Parameters<typeof createJob>[1]);
  } catch (error) {
    expect(await countRows(services.db)).toEqual(before);
    throw error;
  }
}

describe("a job with a kernel", () => {
  test.each(["mandelbrot-gpu", "nbody-gpu"])("that is bounded and fits its manifest is accepted: %s", async (example) => {
    expect((await submit(example)).state).toBe("running");
  });

  test("whose kernel cannot be bounded is refused with the reason, and leaves nothing behind", async () => {
    const source = "fn f() { f(); }\n@compute @workgroup_size(1) fn main() { f(); }";
    await expect(submit("mandelbrot-gpu", undefined, source)).rejects.toMatchObject({
      code: "program_refused",
      params: { problems: "kernel_loops", problem: expect.stringContaining("f calls itself") },
    });
  });

  test("whose kernel declares other resources than its manifest is refused", async () => {
    await expect(submit("nbody-gpu", (job) => job.program.kernel?.bindings.pop())).rejects.toMatchObject({
      code: "program_refused",
      params: { problems: "kernel_bindings" },
    });
  });

  test("needs its manifest, and a WASI program has none", async () => {
    await expect(submit("nbody-gpu", (job) => delete job.program.kernel)).rejects.toMatchObject({ code: "bad_request", params: { field: "program.kernel" } });
    const asWasi = submit("nbody-gpu", (job) => {
      job.program.runtime = "wasi";
    });
    await expect(asWasi).rejects.toMatchObject({ code: "bad_request", params: { field: "program.kernel" } });
  });

  test("may not ask the server to compare more than it reads", async () => {
    const tooLarge = submit("nbody-gpu", (job) => {
      job.limits.outputBytesMax = 8 * 1024 * 1024;
    });
    await expect(tooLarge).rejects.toMatchObject({ code: "bad_request", params: { field: "limits.outputBytesMax" } });
  });
});

test("a WASI program that can be read to its end and that no engine takes is refused before anything of the job is kept", async () => {
  const { ctx } = await makeAccount(services);
  // The first instruction of its last function takes two numbers from an empty stack.
  const programBytes = withLastBody(await readTestProgram("shout"), [0x6a, 0x1a]);
  const submission = await makeSubmission(ctx, { programBytes });
  const before = await countRows(services.db);
  await expect(createJob(ctx, submission as Parameters<typeof createJob>[1])).rejects.toMatchObject({
    code: "program_refused",
    params: { problems: "invalid", problem: expect.stringContaining("No WebAssembly engine takes the program") },
  });
  expect(await countRows(services.db)).toEqual(before);
});
