import "server-only";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type JobFile, jobFile } from "#lib/protocol/jobs/job-json.ts";
import { TEMPLATES, type TemplateId } from "#lib/protocol/templates/templates.ts";

/** What a file of a template is to its job. */
type TemplateRole = "job" | "program" | "input" | "source" | "result";
type TemplateFile = { path: string; bytes: number; role: TemplateRole };
export type Template = { id: TemplateId; job: JobFile; files: TemplateFile[] };

const EXAMPLES = "examples";
const SOURCE_FOLDER = "src";
const RESULT_FOLDER = "expected";

/** Every template, in the order in which they are shown. */
export async function listTemplates(root: string = process.cwd()): Promise<Template[]> {
  return await Promise.all(TEMPLATES.map((id) => readTemplate(id, root)));
}

/** A template with all of its files that may be read. */
export async function readTemplate(id: TemplateId, root: string = process.cwd()): Promise<Template> {
  const folder = templateFolder(id, root);
  const job = jobFile.parse(JSON.parse(await readFile(join(folder, "job.json"), "utf8")));
  const inFolder = async (name: string, role: TemplateRole) =>
    (await readdir(join(folder, name)).catch(() => [])).sort().map((file) => ({ path: `${name}/${file}`, role }));
  const named: { path: string; role: TemplateRole }[] = [
    { path: "job.json", role: "job" },
    ...pathOf(job.program.artifact, "program"),
    ...pathOf(job.input, "input"),
    ...job.files.flatMap(({ artifact }) => pathOf(artifact, "input")),
    ...(await inFolder(SOURCE_FOLDER, "source")),
    ...(await inFolder(RESULT_FOLDER, "result")),
  ];
  const files = await Promise.all(named.map(async (file) => ({ ...file, bytes: (await stat(join(folder, file.path))).size })));
  return { id, job, files };
}

function pathOf(reference: JobFile["input"], role: TemplateRole): { path: string; role: TemplateRole }[] {
  return reference && "path" in reference ? [{ path: reference.path, role }] : [];
}

/** Where a template's files lie. */
export function templateFolder(id: TemplateId, root: string = process.cwd()): string {
  return join(root, EXAMPLES, id);
}
