import { openAsBlob } from "node:fs";
import { resolve } from "node:path";
import type { JobRequest } from "#sdk/job-request.ts";
import type { Source } from "#sdk/source.ts";
import type { FileRef, LocalJob } from "./read-job-file.ts";

/** A job with its files opened, as the SDK takes it. Files are read only as they are sent. */
export async function toRequest({ job, folder }: LocalJob): Promise<JobRequest> {
  const { version: _version, program, input, files, verification, reducer, ...rest } = job;
  const { verifier, ...verified } = verification;
  const { artifact, ...run } = program;
  const open = async (ref: FileRef): Promise<Source> => ("path" in ref ? await openAsBlob(resolve(folder, ref.path)) : ref);
  return {
    ...rest,
    ...run,
    verification: verified,
    reducer: await openReducer(reducer, open),
    program: await open(artifact),
    ...(verifier ? { verifier: { program: await open(verifier.artifact), args: verifier.args } } : {}),
    ...(input ? { input: await open(input) } : {}),
    files: Object.fromEntries(await Promise.all(files.map(async (file) => [file.name, await open(file.artifact)] as const))),
  };
}

async function openReducer(reducer: LocalJob["job"]["reducer"], open: (ref: FileRef) => Promise<Source>): Promise<NonNullable<JobRequest["reducer"]>> {
  if (reducer.kind !== "wasi") return reducer;
  const { artifact, ...rest } = reducer;
  return { ...rest, program: await open(artifact) };
}
