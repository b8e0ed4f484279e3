import { lstat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { needsInput, type SlicingMode } from "#lib/domain/slicing/slicing.ts";
import { type Terminal, UsageError } from "../terminal.ts";
import { parseJson } from "./parse-json.ts";
import { parseReduce } from "./parse-reduce.ts";
import { parseSplit } from "./parse-split.ts";
import { checkFile, checkJob, type LocalJob, readJobFile } from "./read-job-file.ts";
import { spoolInput } from "./spool-input.ts";

/** Options that describe a job; each is a field of job.json. */
export const JOB_OPTIONS = {
  split: { type: "string" },
  input: { type: "string" },
  file: { type: "string", multiple: true },
  "no-files": { type: "boolean" },
  name: { type: "string" },
  description: { type: "string" },
  topic: { type: "string" },
  output: { type: "string" },
  reduce: { type: "string" },
  "time-ms": { type: "string" },
  "memory-mib": { type: "string" },
  "output-bytes": { type: "string" },
  assurance: { type: "string" },
  quorum: { type: "string" },
  "replicas-max": { type: "string" },
  compare: { type: "string" },
  price: { type: "string" },
  chain: { type: "string" },
  pool: { type: "string" },
  seed: { type: "string" },
} as const;

type Values = { [Name in keyof typeof JOB_OPTIONS]?: string | string[] | boolean | undefined } & { out?: string | undefined };
type Run = { values: Values; args: string[]; terminal: Terminal };
const MEBI = 1024 * 1024;
const FORMAT_OF: Readonly<Record<string, string>> = { ".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".txt": "text" };

/**
 * The job of `shoal run`: a job.json as it is, or a program with options. Input comes from `--input`, else from standard input. An argument that names
 * a file here becomes a shared file, and the program reads it as /data/NAME.
 */
export async function readRun(path: string, run: Run): Promise<LocalJob> {
  if (extname(path) === ".json") {
    refuseOptions(run);
    return await readJobFile(path);
  }
  const { values, terminal } = run;
  await checkFile(resolve(path), "PROGRAM");
  if (typeof values.split !== "string") throw new UsageError("--split is missing: how the input becomes shards, for example --split lines:1000.");
  const slicing = parseSplit(values.split);
  const shared = await shareFiles(run);
  const isInputNeeded = needsInput(slicing.mode as SlicingMode);
  const input = typeof values.input === "string" ? values.input : isInputNeeded ? await spoolInput(terminal) : undefined;
  const document = {
    ...describeJob(path, values),
    program: { runtime: "wasi", artifact: { path: resolve(path) }, args: shared.args },
    files: shared.files,
    slicing,
  };
  return await checkJob({ ...document, ...pick({ input: input && { path: resolve(input) } }) }, { folder: process.cwd(), where: "This is not a right job" });
}

function refuseOptions({ values, args }: Run): void {
  const given = Object.keys(JOB_OPTIONS).find((name) => values[name as keyof typeof JOB_OPTIONS] !== undefined);
  if (given !== undefined || args.length > 0)
    throw new UsageError(`A job.json says everything itself; leave out ${given ? `--${given}` : "the arguments after --"}.`);
}

/** The fields of job.json that are options with their names. */
function describeJob(path: string, values: Values): Record<string, unknown> {
  const written = FORMAT_OF[extname(values.out ?? "")] ?? "bytes";
  return {
    version: 1,
    name: values.name ?? basename(path, extname(path)),
    ...pick({ description: values.description, topic: values.topic, seed: values.seed }),
    ...pick({ visibility: values.pool === undefined ? undefined : { kind: "pool", pool: values.pool } }),
    output: { format: values.output ?? written },
    ...pick({
      reducer: typeof values.reduce === "string" ? parseReduce(values.reduce, written) : undefined,
    }),
    price: pick({ replicaMicro: values.price, chainId: number(values.chain) }),
    limits: pick({
      timeMsMax: number(values["time-ms"]),
      memoryBytesMax: number(values["memory-mib"], MEBI),
      outputBytesMax: number(values["output-bytes"]),
    }),
    verification: pick({
      assurance: values.assurance,
      quorum: number(values.quorum),
      replicasMax: number(values["replicas-max"]),
      compare: readCompare(values.compare),
    }),
  };
}

/** Shared files: those of `--file NAME=PATH`, and arguments that name a file beside the caller. */
async function shareFiles({ values, args, terminal }: Run): Promise<{ args: string[]; files: { name: string; artifact: { path: string } }[] }> {
  const files = new Map<string, string>();
  for (const text of (values.file as string[] | undefined) ?? []) {
    const at = text.indexOf("=");
    files.set(at < 0 ? basename(text) : text.slice(0, at), resolve(at < 0 ? text : text.slice(at + 1)));
  }
  const filled: string[] = [];
  for (const arg of args) {
    const isFile = values["no-files"] !== true && (await namesFile(arg));
    filled.push(isFile ? shareArgument(arg, { files, terminal }) : arg);
  }
  return { args: filled, files: [...files].map(([name, path]) => ({ name, artifact: { path } })) };
}

async function namesFile(arg: string): Promise<boolean> {
  return !arg.startsWith("-") && (await lstat(arg).catch(() => null))?.isFile() === true;
}

/** Adds the file that an argument names, and gives the argument as the program will read it. */
function shareArgument(arg: string, { files, terminal }: { files: Map<string, string>; terminal: Terminal }): string {
  const [name, path] = [basename(arg), resolve(arg)];
  if ((files.get(name) ?? path) !== path) throw new UsageError(`Two files are called ${name}. Give them names with --file NAME=PATH.`);
  files.set(name, path);
  terminal.tell(`${arg} is a file here: the program reads it as /data/${name}.`);
  return `/data/${name}`;
}

/** When two outputs agree: a rule that needs nothing further by its name, or as a job.json says it. */
function readCompare(text: Values["compare"]): Record<string, unknown> | undefined {
  if (typeof text !== "string") return undefined;
  return text.startsWith("{") ? parseJson("--compare", text) : { kind: text };
}

function number(text: string | string[] | boolean | undefined, times = 1): number | undefined {
  return text === undefined ? undefined : Number(text) * times;
}

/** Without the fields that were not given. */
function pick<T extends Record<string, unknown>>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
