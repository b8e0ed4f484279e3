import { lstat, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { findOutputProblem } from "#lib/domain/reduce/find-output-problem.ts";
import { describeIssue } from "#lib/protocol/describe-issue.ts";
import { type JobFile, jobFile } from "#lib/protocol/jobs/job-json.ts";
import { UsageError } from "../terminal.ts";
import { parseJson } from "./parse-json.ts";

const JOB_FILE_BYTES_MAX = 1024 * 1024;

export type FileRef = JobFile["program"]["artifact"];
/** A job with the folder from which its paths start. Every file it names was there. */
export type LocalJob = { job: JobFile; folder: string };

/** Reads a job.json and looks at every file it names, before the first byte travels. */
export async function readJobFile(name: string): Promise<LocalJob> {
  const path = resolve(name);
  await checkFile(path, "FILE.json");
  const text = await readFile(path, "utf8");
  if (text.length > JOB_FILE_BYTES_MAX) throw new UsageError(`${path} is too large to be a job file.`);
  return await checkJob(parseJson(path, text), { folder: dirname(path), where: `${path} is not a right job file` });
}

/** The job that a document describes, or a refusal that begins with `where` and names every wrong field. */
export async function checkJob(document: unknown, { folder, where }: { folder: string; where: string }): Promise<LocalJob> {
  const parsed = jobFile.safeParse(document);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(describeIssue);
    throw new UsageError(`${where}:\n${problems.map(({ field, problem }) => `  ${field}: ${problem}`).join("\n")}`, problems[0]);
  }
  const wrong = findOutputProblem(parsed.data);
  if (wrong) throw new UsageError(`${where}:\n  ${wrong.field}: ${wrong.problem}`, wrong);
  for (const [field, ref] of filesOf(parsed.data)) if ("path" in ref) await checkFile(resolve(folder, ref.path), field);
  return { job: parsed.data, folder };
}

/** Every file of a job with the field that names it. */
function filesOf(job: JobFile): [string, FileRef][] {
  return [
    ["program.artifact", job.program.artifact],
    ...(job.input ? [["input", job.input] satisfies [string, FileRef]] : []),
    ...(job.verification.verifier ? [["verification.verifier.artifact", job.verification.verifier.artifact] satisfies [string, FileRef]] : []),
    ...(job.reducer.kind === "wasi" ? [["reducer.artifact", job.reducer.artifact] satisfies [string, FileRef]] : []),
    ...job.files.map(({ name, artifact }): [string, FileRef] => [`files.${name}`, artifact]),
  ];
}

/** Refuses what is no plain file, with the field that names it. */
export async function checkFile(path: string, field: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (!found) throw new UsageError(`${field}: there is no file ${path}.`);
  if (found.isSymbolicLink()) throw new UsageError(`${field}: ${path} is a symbolic link. Name the file itself.`);
  if (!found.isFile()) throw new UsageError(`${field}: ${path} is not a file.`);
}
