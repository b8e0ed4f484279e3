import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createConcat } from "../../lib/domain/reduce/concat.ts";
import { createSlicer } from "../../lib/domain/slicing/create-slicer.ts";
import { rangeShardCount } from "../../lib/domain/slicing/range.ts";
import type { JobManifest } from "../../lib/protocol/exchange/exchange.ts";
import type { JobFile } from "../../lib/protocol/jobs/job-json.ts";
import { createExecutor } from "../../workers/executor/executor.ts";
import { composeRun } from "../../workers/volunteer/running/shard-work.ts";

/**
 * Runs every shard of a job in this thread as a device would, and joins the outputs as an instance would. Paths of the job file start from `folder`.
 * Fails with the outcome of the first shard that is not ok.
 */
export async function runJobFile(job: JobFile, { folder, program }: { folder: string; program: Uint8Array }): Promise<string> {
  const executor = createExecutor();
  const manifest = manifestOf(job, program);
  const { memoryBytesMax } = job.limits;
  const prepared = await executor.prepare({
    jobId: manifest.jobId,
    program,
    programSha256: manifest.program.sha256,
    memoryBytesMax,
    files: await readShared(job, folder),
  });
  if (!prepared.ok) throw new Error(prepared.reason);
  const concat = createConcat(job.output.format);
  const parts: Uint8Array[] = [];
  for (const [no, stdin] of (await cutInput(job, folder)).entries()) {
    const outcome = await executor.run(composeRun(manifest, no, stdin));
    if (outcome.status !== "ok") throw new Error(`Shard ${no} ended with ${outcome.status}. ${outcome.stderr}`);
    parts.push(...concat.push(outcome.output), ...concat.endShard());
  }
  return Buffer.concat(parts).toString();
}

async function readShared({ files }: JobFile, folder: string) {
  return await Promise.all(
    files.map(async ({ name, artifact }) => {
      if (!("path" in artifact)) throw new Error(`The job file names no file for ${name}.`);
      const bytes = new Uint8Array(await readFile(join(folder, artifact.path)));
      return { name, bytes, sha256: sha256Hex(bytes) };
    }),
  );
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The standard input of each shard. */
async function cutInput({ slicing, input }: JobFile, folder: string): Promise<Uint8Array<ArrayBuffer>[]> {
  if (slicing.mode === "range") return Array.from({ length: rangeShardCount(slicing) }, () => new Uint8Array());
  if (!input || !("path" in input)) throw new Error("The job file names no input.");
  const bytes = new Uint8Array(await readFile(join(folder, input.path)));
  const offsets: number[] = [];
  const slicer = createSlicer(slicing, (offset) => offsets.push(offset));
  slicer.push(bytes);
  const summary = slicer.end();
  if (!summary.ok) throw new Error(`Line ${summary.line}: ${summary.problem}`);
  return offsets.slice(1).map((end, i) => bytes.slice(offsets[i], end));
}

function manifestOf({ program, output, ...job }: JobFile, bytes: Uint8Array): JobManifest {
  return {
    ...job,
    jobId: `job_${"0".repeat(32)}`,
    runtime: program.runtime,
    program: { sha256: sha256Hex(bytes), url: "" },
    args: program.args,
    files: [],
    format: output.format,
  };
}
