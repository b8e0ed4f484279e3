import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inspectKernel } from "#lib/domain/kernel/inspect-kernel.ts";
import { jobFile } from "#lib/protocol/jobs/job-json.ts";
import { reflectKernel } from "./reflect-kernel.ts";

const guide = readFileSync(join(import.meta.dirname, "../../docs/guide/write-a-wgsl-kernel.md"), "utf8");
const blockOf = (language: string) => guide.match(new RegExp(`\`\`\`${language}\n(.*?)\n\`\`\``, "s"))?.[1] ?? "";

test("the guide's first kernel and its job.json are accepted together", () => {
  const { program, limits } = jobFile.parse(JSON.parse(blockOf("json")));
  if (!program.kernel) throw new Error("no manifest");
  const job = { argumentCount: program.args.length, fileNames: [], hasInput: false, limits };
  expect(inspectKernel(blockOf("wgsl"), program.kernel, { job, reflect: reflectKernel })).toMatchObject({ ok: true });
});
