import { REDUCER_FILES } from "../errand/errand.ts";
import type { JobSpec } from "../job/job.ts";
import { type FoldReducer, isFold, REDUCE_LIMITS, type Reducer, TILE_SAMPLES } from "./reducer.ts";

/** One row of tiles is held at a time while a mosaic is read. */
const TILE_ROW_BYTES_MAX = 64 * 1024 * 1024;

type Outputs = Pick<JobSpec, "output" | "limits"> & { reducer: Reducer<unknown>; files: readonly { name: string }[] };
type Problem = { field: string; problem: string };

/** Why format, tile, reducer and the largest output of a job do not go together, with the field of job.json that is wrong; null where they do. */
export function findOutputProblem(job: Outputs): Problem | null {
  const { output, reducer } = job;
  if (output.format === "tile" && !output.tile) return { field: "output.tile", problem: "is needed with the format tile" };
  if (output.format !== "tile" && output.tile) return { field: "output.tile", problem: "belongs to the format tile" };
  if (reducer.kind === "mosaic") return findMosaicProblem(job, reducer.columns);
  if (reducer.kind === "wasi") return findProgramProblem(job);
  return isFold(reducer) ? findFoldProblem(job, reducer) : null;
}

function findProgramProblem({ files, limits }: Outputs): Problem | null {
  const taken = files.findIndex(({ name }) => name === REDUCER_FILES.state);
  if (taken >= 0) return { field: `files.${taken}.name`, problem: `${REDUCER_FILES.state} is what the reducer reads` };
  return findLargeOutput(limits);
}

function findLargeOutput({ outputBytesMax }: JobSpec["limits"]): Problem | null {
  if (outputBytesMax <= REDUCE_LIMITS.outputBytesMax) return null;
  return { field: "limits.outputBytesMax", problem: `must be at most ${REDUCE_LIMITS.outputBytesMax} where outputs are reduced` };
}

function findMosaicProblem({ output: { tile }, limits }: Outputs, columns: number): Problem | null {
  if (!tile) return { field: "reducer.kind", problem: "mosaic needs the output format tile" };
  const tileBytes = tile.width * tile.height * TILE_SAMPLES[tile.pixels];
  const bytesMax = Math.min(limits.outputBytesMax, REDUCE_LIMITS.outputBytesMax);
  if (tileBytes > bytesMax) return { field: "output.tile", problem: `makes outputs of ${tileBytes} bytes, and ${bytesMax} are allowed` };
  if (tileBytes * columns > TILE_ROW_BYTES_MAX) return { field: "reducer.columns", problem: `makes a row of tiles larger than ${TILE_ROW_BYTES_MAX} bytes` };
  return null;
}

function findFoldProblem({ output: { format }, limits }: Outputs, { kind, field }: FoldReducer): Problem | null {
  if (format === "bytes" || format === "tile")
    return { field: "reducer.kind", problem: `${kind} needs outputs that hold numbers: text, csv, ndjson, json or f32` };
  if (field !== undefined && (format === "text" || format === "f32"))
    return { field: "reducer.field", problem: `belongs to csv, json and ndjson, not to ${format}` };
  if (field === undefined && (format === "json" || format === "ndjson")) return { field: "reducer.field", problem: `is needed with the format ${format}` };
  return findLargeOutput(limits);
}
