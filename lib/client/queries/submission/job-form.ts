import type { JobSubmission, OutputFormat } from "#lib/domain/job/job.ts";
import type { ProgramReducer, ReducerKind, TilePixels, TopOrder } from "#lib/domain/reduce/reducer.ts";
import type { CsvDelimiter, SlicingMode } from "#lib/domain/slicing/slicing.ts";
import { ASSURANCE_OFFERS, type AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { JobFile } from "#lib/protocol/jobs/job-json.ts";
import { jobJson } from "#lib/protocol/jobs/job-json.ts";
import { editMoney } from "#lib/text/format/edit-money.ts";
import { joinCommandLine } from "./command-line.ts";
import { writeAxes } from "./grid-axes.ts";

export type SharedUpload = { name: string; file: File };

/** What a job.json says that no field of the form shows; it is submitted as it stands. */
export type CarriedFields = Pick<JobFile["program"], "runtime" | "kernel"> & Pick<JobFile["verification"], "compare">;

/** A step in which money becomes spendable, both in per cent. */
export type MilestoneEntry = { finalPercent: string; releasePercent: string };

export const NOTHING_CARRIED: CarriedFields = { runtime: "wasi" };

/** What a person has entered: texts as they stand in the fields, files as they were chosen. */
export type JobForm = {
  name: string;
  description: string;
  topic: string;
  program: File | null;
  input: File | null;
  files: SharedUpload[];
  /** A program that judges outputs, and its arguments. */
  verifier: File | null;
  verifierArgs: string;
  args: string;
  mode: SlicingMode;
  delimiter: CsvDelimiter;
  recordsPerShard: string;
  linesPerShard: string;
  from: string;
  to: string;
  step: string;
  valuesPerShard: string;
  bytesPerShard: string;
  runs: string;
  axes: string;
  timeSeconds: string;
  memoryMebi: string;
  outputKibi: string;
  format: OutputFormat;
  tileWidth: string;
  tileHeight: string;
  tilePixels: TilePixels;
  /** What makes the result of the outputs; what follows belongs to some of the kinds. */
  reduceBy: ReducerKind;
  reduceField: string;
  binsFrom: string;
  binsTo: string;
  bins: string;
  topRows: string;
  topOrder: TopOrder;
  columns: string;
  reducer: File | null;
  reducerArgs: string;
  reducedFormat: ProgramReducer["format"];
  /** Null: what the instance offers first. */
  assurance: AssuranceClass | null;
  quorum: string;
  replicasMax: string;
  price: string;
  /** The number of the chain that pays; empty for the instance's first. */
  chain: string;
  seed: string;
  /** Empty: as all others. */
  weight: string;
  milestones: MilestoneEntry[];
  /** Who computes it; null for everybody. */
  visibility: JobFile["visibility"] | null;
  isConfirmed: boolean;
  carried: CarriedFields;
};
export type JobField = keyof JobForm;
/** What is wrong, in words, at the field where it can be corrected. */
export type FieldProblems = Partial<Record<JobField, string>>;

export const MILLI = 1000;
export const KIBI = 1024;
export const MEBI = 1024 * 1024;

const ANY_SHA256 = "0".repeat(64);
/** The schema's own defaults, so that an empty form and an omitted field of job.json mean the same. */
const DEFAULTS = jobJson.parse({
  version: 1,
  name: "-",
  program: { runtime: "wasi", artifact: { sha256: ANY_SHA256 } },
  slicing: { mode: "lines" },
});

export const EMPTY_FORM: JobForm = {
  name: "",
  description: "",
  topic: DEFAULTS.topic,
  program: null,
  input: null,
  files: [],
  verifier: null,
  verifierArgs: "",
  args: "",
  mode: "lines",
  delimiter: ",",
  recordsPerShard: "1",
  linesPerShard: "1",
  from: "0",
  to: "100",
  step: "1",
  valuesPerShard: "1",
  bytesPerShard: "65536",
  runs: "100",
  axes: "x = 0 .. 1 / 11",
  ...numbersOf(DEFAULTS),
  format: "text",
  tileWidth: "256",
  tileHeight: "256",
  tilePixels: "rgb8",
  reduceBy: "concat",
  reduceField: "",
  binsFrom: "0",
  binsTo: "1",
  bins: "20",
  topRows: "10",
  topOrder: "largest",
  columns: "16",
  reducer: null,
  reducerArgs: "",
  reducedFormat: "text",
  chain: "",
  weight: "",
  milestones: [],
  visibility: null,
  isConfirmed: false,
  carried: NOTHING_CARRIED,
};

type Numbered = Pick<JobSubmission, "limits" | "price" | "seed"> & { verification: Omit<JobSubmission["verification"], "verifier"> };

function numbersOf(spec: Numbered) {
  return {
    timeSeconds: String(spec.limits.timeMsMax / MILLI),
    memoryMebi: String(spec.limits.memoryBytesMax / MEBI),
    outputKibi: String(spec.limits.outputBytesMax / KIBI),
    assurance: spec.verification.assurance ?? (isOwnCount(spec.verification) ? ("instant" as const) : null),
    quorum: String(spec.verification.quorum ?? ASSURANCE_OFFERS.instant.quorum),
    replicasMax: String(spec.verification.replicasMax ?? ASSURANCE_OFFERS.instant.replicasMax),
    price: editMoney(spec.price.replicaMicro),
    chain: spec.price.chainId === undefined ? "" : String(spec.price.chainId),
    seed: spec.seed,
  };
}

/** A quorum or a number of replicas of one's own is the class `instant`. */
function isOwnCount({ quorum, replicasMax }: Numbered["verification"]): boolean {
  return quorum !== undefined || replicasMax !== undefined;
}

/** A form filled in from job.json. Files are given apart, because the document only names them; the confirmation is never filled in. */
export function fillForm(job: JobFile, chosen: Pick<JobForm, "program" | "input" | "files" | "verifier" | "reducer">): JobForm {
  const { slicing: cut } = job;
  const slicing = cut.mode === "grid" ? { axes: writeAxes(cut.axes) } : Object.fromEntries(Object.entries(cut).map(([name, value]) => [name, String(value)]));
  return {
    ...EMPTY_FORM,
    ...slicing,
    ...numbersOf(job),
    ...chosen,
    mode: job.slicing.mode,
    name: job.name,
    description: job.description,
    topic: job.topic,
    args: joinCommandLine(job.program.args),
    verifierArgs: joinCommandLine(job.verification.verifier?.args ?? []),
    format: job.output.format,
    ...fillTile(job.output),
    ...fillReducer(job.reducer),
    ...(cut.mode === "csv" ? { delimiter: cut.delimiter } : {}),
    weight: job.weight === undefined ? "" : String(job.weight),
    milestones: (job.milestones ?? []).map(({ finalPercent, releasePercent }) => ({
      finalPercent: String(finalPercent),
      releasePercent: String(releasePercent),
    })),
    visibility: job.visibility ?? null,
    carried: {
      runtime: job.program.runtime,
      kernel: job.program.kernel,
      compare: job.verification.compare,
    },
  };
}

function fillTile({ tile }: JobFile["output"]): Partial<JobForm> {
  return tile ? { tileWidth: String(tile.width), tileHeight: String(tile.height), tilePixels: tile.pixels } : {};
}

function fillReducer(reducer: JobFile["reducer"]): Partial<JobForm> {
  const { kind } = reducer;
  const field = "field" in reducer && reducer.field !== undefined ? { reduceField: reducer.field } : {};
  switch (kind) {
    case "histogram":
      return { reduceBy: kind, ...field, binsFrom: String(reducer.from), binsTo: String(reducer.to), bins: String(reducer.bins) };
    case "top-k":
      return { reduceBy: kind, ...field, topRows: String(reducer.k), topOrder: reducer.order };
    case "mosaic":
      return { reduceBy: kind, columns: String(reducer.columns) };
    case "wasi":
      return { reduceBy: kind, reducerArgs: joinCommandLine(reducer.args), reducedFormat: reducer.format };
    default:
      return { reduceBy: kind, ...field };
  }
}
