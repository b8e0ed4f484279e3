import type { z } from "zod";
import { JOB_LIMITS, type JobSubmission } from "#lib/domain/job/job.ts";
import { findArgumentProblem } from "#lib/domain/program/argv.ts";
import { findOutputProblem } from "#lib/domain/reduce/find-output-problem.ts";
import { placeholdersOf } from "#lib/domain/slicing/shard-values.ts";
import { needsInput } from "#lib/domain/slicing/slicing.ts";
import { describeIssue } from "#lib/protocol/describe-issue.ts";
import { jobJson } from "#lib/protocol/jobs/job-json.ts";
import { parseMoney } from "#lib/text/format/edit-money.ts";
import type { Words } from "#lib/text/words.ts";
import { splitCommandLine } from "./command-line.ts";
import { readAxes } from "./grid-axes.ts";
import type { FieldProblems, JobField, JobForm, MilestoneEntry } from "./job-form.ts";
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
  tileWidth: 1,
  tileHeight: 1,
  binsFrom: 1,
  binsTo: 1,
  bins: 1,
  topRows: 1,
  columns: 1,
  weight: 1,
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
const TILE_FIELDS: NumberField[] = ["tileWidth", "tileHeight"];
const REDUCER_NUMBERS: Partial<Record<JobForm["reduceBy"], NumberField[]>> = {
  histogram: ["binsFrom", "binsTo", "bins"],
  "top-k": ["topRows"],
  mosaic: ["columns"],
};
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
  const unfit = parsed.success ? findOutputProblem(parsed.data) : null;
  const unfitField = unfit && fieldOfPath(unfit.field);
  if (unfit && unfitField) problems[unfitField] ??= capitalise(words.sayPhrase(unfit.problem));
  if (parsed.success && Object.keys(problems).length === 0) return { ok: true, spec: parsed.data };
  return { ok: false, problems };
}

function checkFiles(form: JobForm, { text: { submit, errors }, fill }: Words): FieldProblems {
  const problems: FieldProblems = {};
  const tooLarge = (what: string, limit: number) => fill(errors.too_large, { what, limit });
  if (!form.program) problems.program = submit.required;
  else if (form.program.size > JOB_LIMITS.programBytesMax) problems.program = tooLarge(submit.whole.program, JOB_LIMITS.programBytesMax);
  if (needsInput(form.mode) && !form.input) problems.input = submit.required;
  else if (needsInput(form.mode) && Number(form.input?.size) > JOB_LIMITS.inputBytesMax)
    problems.input = tooLarge(submit.whole.input, JOB_LIMITS.inputBytesMax);
  if (form.verifier && form.verifier.size > JOB_LIMITS.programBytesMax) problems.verifier = tooLarge(submit.fields.verifier.label, JOB_LIMITS.programBytesMax);
  if (form.reduceBy === "wasi" && !form.reducer) problems.reducer = submit.required;
  else if (form.reduceBy === "wasi" && Number(form.reducer?.size) > JOB_LIMITS.programBytesMax)
    problems.reducer = tooLarge(submit.fields.reducer.label, JOB_LIMITS.programBytesMax);
  const filesBytes = form.files.reduce((sum, { file }) => sum + file.size, 0);
  if (filesBytes > JOB_LIMITS.filesBytesMax) problems.files = tooLarge(submit.whole.files, JOB_LIMITS.filesBytesMax);
  if (!form.isConfirmed) problems.isConfirmed = submit.readable.missing;
  return problems;
}

function checkTexts(form: JobForm, words: Words): FieldProblems {
  const { submit } = words.text;
  const problems: FieldProblems = {};
  for (const field of numbersIn(form)) if (toNumber(form, field) === null) problems[field] = submit.notNumber;
  if (form.milestones.some((entry) => readMilestone(entry) === null)) problems.milestones = submit.notNumber;
  if (parseMoney(form.price) === null) problems.price = submit.notAmount;
  if (form.mode === "grid" && readAxes(form.axes) === null) problems.axes = submit.fields.axes.wrong;
  const argsProblem = checkArguments(form, words);
  if (argsProblem !== null) problems.args = argsProblem;
  const verifierProblem = form.verifier ? checkArguments({ ...form, args: form.verifierArgs }, words) : null;
  if (verifierProblem !== null) problems.verifierArgs = verifierProblem;
  const reducerProblem = form.reduceBy === "wasi" ? checkLine(form.reducerArgs, [], words) : null;
  if (reducerProblem !== null) problems.reducerArgs = reducerProblem;
  return problems;
}

/** The fields that have to hold a number, by what else was chosen. */
function numbersIn(form: JobForm): NumberField[] {
  return [
    ...SLICING_FIELDS[form.mode],
    ...COMMON_FIELDS,
    ...(form.assurance === "instant" && !form.verifier ? INSTANT_FIELDS : []),
    ...(form.format === "tile" ? TILE_FIELDS : []),
    ...(REDUCER_NUMBERS[form.reduceBy] ?? []),
    ...(form.weight.trim() === "" ? [] : (["weight"] as const)),
  ];
}

function readMilestone({ finalPercent, releasePercent }: MilestoneEntry): { finalPercent: number; releasePercent: number } | null {
  const [final, release] = [finalPercent, releasePercent].map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
  return Number.isFinite(final) && Number.isFinite(release) ? { finalPercent: Number(final), releasePercent: Number(release) } : null;
}

/** What is wrong with the argument template, in words: an open quotation mark, a placeholder that this slicing does not offer, a single brace. */
export function checkArguments(form: Pick<JobForm, "args" | "mode" | "axes">, words: Words): string | null {
  return checkLine(form.args, placeholdersOf({ mode: form.mode, axes: readAxes(form.axes) ?? [] }), words);
}

function checkLine(args: string, placeholders: readonly string[], { text, sayCode }: Words): string | null {
  const line = splitCommandLine(args);
  if (!line.ok) return text.submit.quoteOpen;
  const found = findArgumentProblem(line.args, placeholders);
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
    output: {
      format: form.format,
      ...(form.format === "tile" ? { tile: { width: number("tileWidth"), height: number("tileHeight"), pixels: form.tilePixels } } : {}),
    },
    reducer: toReducer(form, number),
    limits: { timeMsMax: number("timeSeconds"), memoryBytesMax: number("memoryMebi"), outputBytesMax: number("outputKibi") },
    verification: toVerification(form, number),
    price: { replicaMicro: String(parseMoney(form.price) ?? 0n), ...(form.chain === "" ? {} : { chainId: Number(form.chain) }) },
    ...(form.weight.trim() === "" ? {} : { weight: number("weight") }),
    ...(form.milestones.length > 0 ? { milestones: form.milestones.map(readMilestone) } : {}),
    ...(form.visibility ? { visibility: form.visibility } : {}),
    seed: form.seed.trim(),
  };
}

type ReadNumber = (field: NumberField) => number | undefined;

function toReducer(form: JobForm, number: ReadNumber): unknown {
  const { reduceBy: kind } = form;
  // Numbers of text and f32 are in no field; what was entered for another format is not meant.
  const hasFields = form.format !== "text" && form.format !== "f32" && form.reduceField.trim() !== "";
  const field = hasFields ? { field: form.reduceField.trim() } : {};
  switch (kind) {
    case "concat":
      return { kind };
    case "mosaic":
      return { kind, columns: number("columns") };
    case "histogram":
      return { kind, ...field, from: number("binsFrom"), to: number("binsTo"), bins: number("bins") };
    case "top-k":
      return { kind, ...field, k: number("topRows"), order: form.topOrder };
    case "wasi": {
      const args = splitCommandLine(form.reducerArgs);
      return { kind, artifact: { sha256: ANY_SHA256 }, args: args.ok ? args.args : [], format: form.reducedFormat };
    }
    default:
      return { kind, ...field };
  }
}

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
  return { mode, ...fields, ...(mode === "csv" ? { delimiter: form.delimiter } : {}) };
}

const FIELD_OF_PATH: [path: RegExp, field: JobField][] = [
  [/^program\.args/, "args"],
  [/^program/, "program"],
  [/^input/, "input"],
  [/^files/, "files"],
  [/^slicing$|^slicing\.mode$/, "mode"],
  [/^slicing\.axes/, "axes"],
  [/^output\.format/, "format"],
  [/^output\.tile\.height/, "tileHeight"],
  [/^output\.tile/, "tileWidth"],
  [/^reducer\.artifact/, "reducer"],
  [/^reducer\.args/, "reducerArgs"],
  [/^reducer\.field/, "reduceField"],
  [/^reducer\.from/, "binsFrom"],
  [/^reducer\.to/, "binsTo"],
  [/^reducer\.bins/, "bins"],
  [/^reducer\.k$/, "topRows"],
  [/^reducer\.columns/, "columns"],
  [/^reducer/, "reduceBy"],
  [/^slicing\.delimiter/, "delimiter"],
  [/^weight/, "weight"],
  [/^milestones/, "milestones"],
  [/^limits\.timeMsMax/, "timeSeconds"],
  [/^limits\.memoryBytesMax/, "memoryMebi"],
  [/^limits\.outputBytesMax/, "outputKibi"],
  [/^verification\.verifier\.args/, "verifierArgs"],
  [/^verification\.verifier/, "verifier"],
  [/^verification\.assurance/, "assurance"],
  [/^verification\.quorum/, "quorum"],
  [/^verification/, "replicasMax"],
  [/^price\.chainId/, "chain"],
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
