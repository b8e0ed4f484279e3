import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createJoiner } from "../../lib/domain/reduce/join-outputs.ts";
import { previewSlicing } from "../../lib/domain/slicing/preview-slicing.ts";
import { readShardInput } from "../../lib/domain/slicing/read-shard-input.ts";
import { errorMessage } from "../../lib/protocol/errors.ts";
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
  const joiner = createJoiner(job.reducer, job.output.format);
  const parts: Uint8Array[] = [];
  for (const [no, stdin] of (await cutInput(job, folder)).entries()) {
    const outcome = await executor.run(composeRun(manifest, no, stdin));
    if (outcome.status !== "ok") throw new Error(`Shard ${no} ended with ${outcome.status}. ${outcome.stderr}`);
    parts.push(...joiner.add(no, outcome.output));
  }
  return Buffer.concat([...parts, ...joiner.end()]).toString();
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
  const file = input && "path" in input ? await openAsBlob(join(folder, input.path)) : new Blob();
  const source = { bytes: file.size, read: async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer()) };
  const cut = await previewSlicing(slicing, source, { shardsMax: Number.POSITIVE_INFINITY });
  if (!cut.ok) throw new Error(errorMessage(cut.code, cut.params));
  return await Promise.all(cut.first.map((shard) => readShardInput(source, shard, Number.POSITIVE_INFINITY)));
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
