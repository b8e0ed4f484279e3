import "server-only";
import type { JobSubmission } from "#lib/domain/job/job.ts";
import { type FoldReducer, isFold, REDUCE_LIMITS, TILE_SAMPLES } from "#lib/domain/reduce/reducer.ts";
import { ApiError } from "#lib/protocol/errors.ts";

/** One row of tiles is held at a time while a mosaic is read. */
const TILE_ROW_BYTES_MAX = 64 * 1024 * 1024;

/** Throws `bad_request` with the field unless format, tile, reducer and the largest output go together. */
export function checkOutputs(job: JobSubmission): void {
  const { output, reducer } = job;
  if (output.format === "tile" && !output.tile) refuse("output.tile", "is needed with the format tile");
  if (output.format !== "tile" && output.tile) refuse("output.tile", "belongs to the format tile");
  if (reducer.kind === "mosaic") checkMosaic(job, reducer.columns);
  if (isFold(reducer)) checkFold(job, reducer);
}

function checkMosaic({ output: { tile }, limits }: JobSubmission, columns: number): void {
  if (!tile) throw new ApiError("bad_request", { field: "reducer.kind", problem: "mosaic needs the output format tile" });
  const tileBytes = tile.width * tile.height * TILE_SAMPLES[tile.pixels];
  const bytesMax = Math.min(limits.outputBytesMax, REDUCE_LIMITS.outputBytesMax);
  if (tileBytes > bytesMax) refuse("output.tile", `makes outputs of ${tileBytes} bytes, and ${bytesMax} are allowed`);
  if (tileBytes * columns > TILE_ROW_BYTES_MAX) refuse("reducer.columns", `makes a row of tiles larger than ${TILE_ROW_BYTES_MAX} bytes`);
}

function checkFold({ output: { format }, limits }: JobSubmission, { kind, field }: FoldReducer): void {
  if (format === "bytes" || format === "tile") refuse("reducer.kind", `${kind} needs outputs that hold numbers: text, csv, ndjson, json or f32`);
  if (field !== undefined && (format === "text" || format === "f32")) refuse("reducer.field", `belongs to csv, json and ndjson, not to ${format}`);
  if (field === undefined && (format === "json" || format === "ndjson")) refuse("reducer.field", `is needed with the format ${format}`);
  if (limits.outputBytesMax > REDUCE_LIMITS.outputBytesMax)
    refuse("limits.outputBytesMax", `must be at most ${REDUCE_LIMITS.outputBytesMax} where numbers of outputs are reduced`);
}

function refuse(field: string, problem: string): never {
  throw new ApiError("bad_request", { field, problem });
}
