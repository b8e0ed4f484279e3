import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { lstat, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Api } from "#lib/client/api/api.ts";
import { createArtifact, type UploadPart } from "#lib/protocol/artifacts/artifacts.ts";
import { type JobFile, type JobJson, jobFile, jobJson } from "#lib/protocol/jobs/job-json.ts";
import { createJob } from "#lib/protocol/jobs/jobs.ts";
import { connectOwner, OWNER_OPTIONS } from "../instance.ts";
import { readOptions } from "../read-options.ts";
import { showTexts } from "../show-texts.ts";
import { type Command, type Terminal, UsageError } from "../terminal.ts";

const JOB_FILE_BYTES_MAX = 1024 * 1024;

type FileRef = JobFile["program"]["artifact"];
type Upload = (ref: FileRef, use: { part: UploadPart; field: string }) => Promise<{ sha256: string }>;

/** Says to which version of the terms its owner agrees, uploads what a job file refers to, creates the job and prints its id. */
export const submitJob: Command = async (args, terminal) => {
  const { values, named } = readOptions(args, OWNER_OPTIONS, ["FILE.json"]);
  const path = resolve(named[0] ?? "");
  const job = await readJobFile(path);
  const api = connectOwner(values, terminal);
  await checkFiles(job, dirname(path));
  const signal = terminal.interrupt;
  const { terms } = await showTexts(api, ["terms"], { terminal, signal });
  const spec = await uploadAll(job, createUpload({ api, folder: dirname(path), terminal }));
  const { id } = await api.call(createJob, { ...spec, terms }, { signal });
  terminal.print(id);
  return 0;
};

async function readJobFile(path: string): Promise<JobFile> {
  await checkFile(path, "FILE.json");
  const text = await readFile(path, "utf8");
  if (text.length > JOB_FILE_BYTES_MAX) throw new UsageError(`${path} is too large to be a job file.`);
  const parsed = jobFile.safeParse(parseJson(path, text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".") || "(document)"}: ${issue.message}`);
  throw new UsageError(`${path} is not a right job file:\n${problems.join("\n")}`);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Looks at every file before the first byte travels. */
async function checkFiles(job: JobFile, folder: string): Promise<void> {
  const refs: [string, FileRef | undefined][] = [
    ["program.artifact", job.program.artifact],
    ["input", job.input],
    ...job.files.map(({ name, artifact }): [string, FileRef] => [`files.${name}`, artifact]),
  ];
  for (const [field, ref] of refs) if (ref && "path" in ref) await checkFile(resolve(folder, ref.path), field);
}

async function checkFile(path: string, field: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (!found) throw new UsageError(`${field}: there is no file ${path}.`);
  if (found.isSymbolicLink()) throw new UsageError(`${field}: ${path} is a symbolic link. Name the file itself.`);
  if (!found.isFile()) throw new UsageError(`${field}: ${path} is not a file.`);
}

async function uploadAll(job: JobFile, upload: Upload): Promise<JobJson> {
  const artifact = await upload(job.program.artifact, { part: "program", field: "program.artifact" });
  const input = job.input && (await upload(job.input, { part: "input", field: "input" }));
  const files: JobJson["files"] = [];
  for (const file of job.files) files.push({ name: file.name, artifact: await upload(file.artifact, { part: "file", field: `files.${file.name}` }) });
  return jobJson.parse({ ...job, program: { ...job.program, artifact }, input, files });
}

function createUpload({ api, folder, terminal }: { api: Api; folder: string; terminal: Terminal }): Upload {
  return async (ref, { part, field }) => {
    if (!("path" in ref)) return ref;
    const path = resolve(folder, ref.path);
    const sha256 = await digestOf(path);
    terminal.tell(`Uploading ${field}: ${ref.path}`);
    const stored = await api.call(createArtifact, { part, sha256 }, { body: await openAsBlob(path), signal: terminal.interrupt });
    return { sha256: stored.sha256 };
  };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
