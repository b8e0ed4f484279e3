import type { z } from "zod";
import { JOB_LIMITS, type JobSubmission } from "#lib/domain/job/job.ts";
import { findArgumentProblem } from "#lib/domain/program/argv.ts";
import { placeholdersOf } from "#lib/domain/slicing/shard-values.ts";
import { needsInput } from "#lib/domain/slicing/slicing.ts";
import { describeIssue } from "#lib/protocol/describe-issue.ts";
import { jobJson } from "#lib/protocol/jobs/job-json.ts";
import { parseMoney } from "#lib/text/format/edit-money.ts";
import type { Words } from "#lib/text/words.ts";
import { splitCommandLine } from "./command-line.ts";
import { readAxes } from "./grid-axes.ts";
import type { FieldProblems, JobField, JobForm } from "./job-form.ts";
import { KIBI, MEBI, MILLI } from "./job-form.ts";

const ANY_SHA256 = "0".repeat(64);

/** Fields that hold a number, and how many of the submission's units one of theirs is. */
const NUMBERS = {
  recordsPerShard: 1,
  linesPerShard: 1,
  from: 1,
  to: 1,
  step: 1,
  valuesPerShard: 1,
  bytesPerShard: 1,
  runs: 1,
  timeSeconds: MILLI,
  memoryMebi: MEBI,
  outputKibi: KIBI,
  quorum: 1,
  replicasMax: 1,
} as const satisfies Partial<Record<JobField, number>>;
type NumberField = keyof typeof NUMBERS;

const SLICING_FIELDS: Record<JobForm["mode"], NumberField[]> = {
  lines: ["linesPerShard"],
  csv: ["recordsPerShard"],
  ndjson: ["recordsPerShard"],
  fasta: ["recordsPerShard"],
  bytes: ["bytesPerShard"],
  files: [],
  range: ["from", "to", "step", "valuesPerShard"],
  grid: [],
  repeat: ["runs"],
};
const COMMON_FIELDS: NumberField[] = ["timeSeconds", "memoryMebi", "outputKibi"];
const INSTANT_FIELDS: NumberField[] = ["quorum", "replicasMax"];

/** The submission without its artifacts: their digests are all zeros until the files are uploaded. */
export type CheckedForm = { ok: true; spec: JobSubmission } | { ok: false; problems: FieldProblems };

/** Checks what can be known before anything is uploaded, by the same schema as the server. */
export function checkForm(form: JobForm, words: Words): CheckedForm {
  const problems: FieldProblems = { ...checkFiles(form, words), ...checkTexts(form, words) };
  const parsed = jobJson.safeParse(toDocument(form));
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const field = fieldOfPath(issue.path.join("."));
      if (field) problems[field] ??= sayIssue(issue, field, words);
    }
  }
  if (parsed.success && Object.keys(problems).length === 0) return { ok: true, spec: parsed.data };
  return { ok: false, problems };
}

function checkFiles(form: JobForm, { text: { submit, errors }, fill }: Words): FieldProblems {
  const problems: FieldProblems = {};
  const tooLarge = (what: string, limit: number) => fill(errors.too_large, { what, limit });
  if (!form.program) problems.program = submit.required;
  else if (form.program.size > JOB_LIMITS.programBytesMax) problems.program = tooLarge(submit.whole.program, JOB_LIMITS.programBytesMax);
  if (needsInput(form.mode)) {
    if (!form.input) problems.input = submit.required;
    else if (form.input.size > JOB_LIMITS.inputBytesMax) problems.input = tooLarge(submit.whole.input, JOB_LIMITS.inputBytesMax);
  }
  if (form.verifier && form.verifier.size > JOB_LIMITS.programBytesMax) problems.verifier = tooLarge(submit.fields.verifier.label, JOB_LIMITS.programBytesMax);
  const filesBytes = form.files.reduce((sum, { file }) => sum + file.size, 0);
  if (filesBytes > JOB_LIMITS.filesBytesMax) problems.files = tooLarge(submit.whole.files, JOB_LIMITS.filesBytesMax);
  if (!form.isConfirmed) problems.isConfirmed = submit.readable.missing;
  return problems;
}

function checkTexts(form: JobForm, words: Words): FieldProblems {
  const { submit } = words.text;
  const problems: FieldProblems = {};
  for (const field of [...SLICING_FIELDS[form.mode], ...COMMON_FIELDS, ...(form.assurance === "instant" && !form.verifier ? INSTANT_FIELDS : [])])
    if (toNumber(form, field) === null) problems[field] = submit.notNumber;
  if (parseMoney(form.price) === null) problems.price = submit.notAmount;
  if (form.mode === "grid" && readAxes(form.axes) === null) problems.axes = submit.fields.axes.wrong;
  const argsProblem = checkArguments(form, words);
  if (argsProblem !== null) problems.args = argsProblem;
  const verifierProblem = form.verifier ? checkArguments({ ...form, args: form.verifierArgs }, words) : null;
  if (verifierProblem !== null) problems.verifierArgs = verifierProblem;
  return problems;
}

/** What is wrong with the argument template, in words: an open quotation mark, a placeholder that this slicing does not offer, a single brace. */
export function checkArguments(form: Pick<JobForm, "args" | "mode" | "axes">, { text, sayCode }: Words): string | null {
  const line = splitCommandLine(form.args);
  if (!line.ok) return text.submit.quoteOpen;
  const found = findArgumentProblem(line.args, placeholdersOf({ mode: form.mode, axes: readAxes(form.axes) ?? [] }));
  return found && sayCode("arguments_refused", { problem: found.message.replace(/\.$/, "") });
}

function toNumber(form: JobForm, field: NumberField): number | null {
  const text = form[field].trim();
  const value = text === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) return null;
  // Binary units are exact; seconds in decimals are rounded to whole milliseconds.
  return field === "timeSeconds" ? Math.round(value * MILLI) : value * NUMBERS[field];
}

function toDocument(form: JobForm): unknown {
  const number = (field: NumberField) => toNumber(form, field) ?? undefined;
  const args = splitCommandLine(form.args);
  const artifact = { sha256: ANY_SHA256 };
  return {
    version: 1,
    name: form.name,
    description: form.description,
    topic: form.topic,
    program: { runtime: form.carried.runtime, artifact, args: args.ok ? args.args : [], kernel: form.carried.kernel },
    ...(needsInput(form.mode) ? { input: artifact } : {}),
    files: form.files.map(({ name }) => ({ name, artifact })),
    slicing: toSlicing(form, number),
    output: { format: form.format, ...(form.format === "tile" ? { tile: form.carried.tile } : {}) },
    reducer: form.carried.reducer,
    limits: { timeMsMax: number("timeSeconds"), memoryBytesMax: number("memoryMebi"), outputBytesMax: number("outputKibi") },
    verification: toVerification(form, number),
    price: { replicaMicro: String(parseMoney(form.price) ?? 0n) },
    ...(form.visibility ? { visibility: form.visibility } : {}),
    seed: form.seed.trim(),
  };
}

type ReadNumber = (field: NumberField) => number | undefined;

/** A verifier decides alone, so that nothing of the classes goes with it. */
function toVerification(form: JobForm, number: ReadNumber): unknown {
  if (form.verifier) {
    const args = splitCommandLine(form.verifierArgs);
    return { verifier: { artifact: { sha256: ANY_SHA256 }, args: args.ok ? args.args : [] } };
  }
  return {
    ...(form.assurance ? { assurance: form.assurance } : {}),
    // The other classes decide their replicas themselves.
    ...(form.assurance === "instant" ? { quorum: number("quorum"), replicasMax: number("replicasMax") } : {}),
    compare: form.carried.compare,
  };
}

function toSlicing(form: JobForm, number: ReadNumber): unknown {
  const { mode } = form;
  if (mode === "grid") return { mode, axes: readAxes(form.axes) ?? [] };
  const fields = Object.fromEntries(SLICING_FIELDS[mode].map((field) => [field, number(field)]));
  return { mode, ...fields, ...(mode === "csv" ? { delimiter: form.carried.delimiter } : {}) };
}

const FIELD_OF_PATH: [path: RegExp, field: JobField][] = [
  [/^program\.args/, "args"],
  [/^program/, "program"],
  [/^input/, "input"],
  [/^files/, "files"],
  [/^slicing$|^slicing\.mode$/, "mode"],
  [/^slicing\.axes/, "axes"],
  [/^output\.format/, "format"],
  [/^limits\.timeMsMax/, "timeSeconds"],
  [/^limits\.memoryBytesMax/, "memoryMebi"],
  [/^limits\.outputBytesMax/, "outputKibi"],
  [/^verification\.verifier\.args/, "verifierArgs"],
  [/^verification\.verifier/, "verifier"],
  [/^verification\.assurance/, "assurance"],
  [/^verification\.quorum/, "quorum"],
  [/^verification/, "replicasMax"],
  [/^price/, "price"],
  [/^visibility/, "visibility"],
];

/** The field of the form that holds a field of job.json, named by its path; null for one that the form does not show. */
export function fieldOfPath(path: string): JobField | null {
  if (path === "name" || path === "description" || path === "topic" || path === "seed") return path;
  const inSlicing = /^slicing\.(\w+)$/.exec(path)?.[1];
  if (inSlicing !== undefined && Object.hasOwn(NUMBERS, inSlicing)) return inSlicing as JobField;
  return FIELD_OF_PATH.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}

/** The issue in words and in the field's own unit; the schema's sentence where it is already written for people. */
function sayIssue(issue: z.core.$ZodIssue, field: JobField, { text: { submit }, fill, format, sayPhrase }: Words): string {
  const limit = (value: number) => (Number.isInteger(value) ? format.number(value) : String(value));
  const unit = Object.hasOwn(NUMBERS, field) ? NUMBERS[field as NumberField] : 1;
  if (issue.code === "too_small" && issue.origin === "string") return submit.requiredText;
  const isNumber = "origin" in issue && (issue.origin === "number" || issue.origin === "int");
  if (issue.code === "too_small" && isNumber) return fill(submit.atLeast, { min: limit(Number(issue.minimum) / unit) });
  if (issue.code === "too_big" && isNumber) return fill(submit.atMost, { max: limit(Number(issue.maximum) / unit) });
  if (issue.code === "too_big" && issue.origin === "string") return fill(submit.charactersMax, { max: format.number(Number(issue.maximum)) });
  if (issue.code === "invalid_type") return submit.wholeNumber;
  return capitalise(sayPhrase(describeIssue(issue).problem));
}

/** The wire's half sentences as sentences. */
export function capitalise(text: string): string {
  const whole = text.replace(/\.$/, "");
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}.`;
}
