import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { needsInput } from "#lib/domain/slicing/slicing.ts";
import { describeIssue } from "#lib/protocol/describe-issue.ts";
import { type JobFile, jobFile } from "#lib/protocol/jobs/job-json.ts";
import type { Words } from "#lib/text/words.ts";
import type { DroppedFile } from "./dropped-files.ts";
import { type FieldProblems, fillForm, type JobForm, NOTHING_CARRIED, type SharedUpload } from "./job-form.ts";
import { packInput } from "./pack-input.ts";

export type ReadFiles =
  | { ok: true; form: JobForm; problems: FieldProblems; jobFilePath: string | null; notice?: string | null }
  /** job.json itself is wrong; nothing of it was taken over. */
  | { ok: false; problem: string };

const JOB_FILE_NAME = "job.json";

/**
 * What dropped files mean: with a job.json a form filled in from it, each file it names found by its path beside it or else by its name; without one,
 * the given form with the module as program and the other files as input and shared files; packed to one input where each is a shard, or there are more than can be shared.
 */
export async function readFiles(dropped: readonly DroppedFile[], form: JobForm, words: Words): Promise<ReadFiles> {
  const document = findJobFile(dropped);
  if (!document) return await placeLoose(dropped, form, words);
  const name = document.path;
  const parsed = parseJson(await document.file.text());
  if (!parsed.ok) return { ok: false, problem: words.fill(words.text.submit.drop.notJson, { name, problem: parsed.problem }) };
  const job = jobFile.safeParse(parsed.value);
  if (job.success) return { ok: true, ...resolveReferences(job.data, (path) => findFile(path, name, dropped), words), jobFilePath: name };
  const { field, problem } = describeIssue(job.error.issues[0]);
  return { ok: false, problem: words.fill(words.text.submit.drop.refused, { name, field, problem: words.sayPhrase(problem) }) };
}

function findJobFile(dropped: readonly DroppedFile[]): DroppedFile | undefined {
  const depth = (path: string) => path.split("/").length;
  return dropped.filter(({ path }) => baseName(path) === JOB_FILE_NAME).sort((a, b) => depth(a.path) - depth(b.path) || a.path.localeCompare(b.path))[0];
}

function parseJson(text: string): { ok: true; value: unknown } | { ok: false; problem: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

type Reference = { path: string } | { sha256: string };

type Find = (path: string) => File | null;

function resolveReferences(job: JobFile, find: Find, { text: { submit }, fill }: Words): { form: JobForm; problems: FieldProblems } {
  const problems: FieldProblems = {};
  const resolve = (field: "program" | "input" | "files" | "verifier" | "reducer", reference: Reference | undefined): File | null => {
    if (!reference) return null;
    const file = "path" in reference ? find(reference.path) : null;
    if (!file) problems[field] = "path" in reference ? fill(submit.drop.missing, { path: reference.path }) : submit.drop.digest;
    return file;
  };
  const files: SharedUpload[] = [];
  for (const { name, artifact } of job.files) {
    const file = resolve("files", artifact);
    if (file) files.push({ name, file });
  }
  const form = fillForm(job, {
    program: resolve("program", job.program.artifact),
    input: resolve("input", job.input),
    verifier: resolve("verifier", job.verification.verifier?.artifact),
    reducer: job.reducer.kind === "wasi" ? resolve("reducer", job.reducer.artifact) : null,
    files,
  });
  return { form, problems };
}

function findFile(path: string, jobFilePath: string, dropped: readonly DroppedFile[]): File | null {
  const exact = normalise(`${jobFilePath.slice(0, -JOB_FILE_NAME.length)}${path}`);
  const found = dropped.find((candidate) => candidate.path === exact);
  if (found) return found.file;
  // Files chosen one by one have lost their folders.
  const named = dropped.filter((candidate) => baseName(candidate.path) === baseName(path));
  return named.length === 1 ? (named[0]?.file ?? null) : null;
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

async function placeLoose(dropped: readonly DroppedFile[], form: JobForm, words: Words): Promise<ReadFiles> {
  const program = dropped.findLast(({ file }) => file.name.endsWith(".wasm"))?.file;
  const next = { ...form, files: [...form.files], ...(program ? { program, carried: NOTHING_CARRIED } : {}) };
  const others = dropped.filter(({ file }) => !file.name.endsWith(".wasm"));
  const isInput = others.length > 0 && (form.mode === "files" || others.length > JOB_LIMITS.filesMax);
  if (!isInput) return { ok: true, form: shareLoose(others, next), problems: {}, jobFilePath: null };
  const packed = await packInput(others, words);
  const problems = packed.file ? {} : { input: packed.problem };
  return { ok: true, form: { ...next, mode: "files", input: packed.file ?? next.input }, problems, jobFilePath: null, notice: packed.file && packed.notice };
}

function shareLoose(dropped: readonly DroppedFile[], form: JobForm): JobForm {
  const next = { ...form };
  for (const { file } of dropped) {
    if (next.input === null && needsInput(next.mode)) next.input = file;
    else next.files = [...next.files.filter((shared) => shared.name !== sharedName(file)), { name: sharedName(file), file }];
  }
  return next;
}

/** The file's name as a name under /data, which knows fewer characters. */
export function sharedName(file: File): string {
  return (
    file.name
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "")
      .slice(0, 100) || "file"
  );
}
