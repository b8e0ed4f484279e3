import { z } from "zod";
import { OUTPUT_FORMATS } from "#lib/domain/job/job.ts";
import { REDUCE_LIMITS as R, REDUCED_FORMATS, TILE_PIXELS, TOP_ORDERS } from "#lib/domain/reduce/reducer.ts";
import { ownArgs } from "./parts-json.ts";

const finite = z.number().min(-1e300).max(1e300);
const side = z.int().min(1).max(R.tileSideMax);
const field = z
  .string()
  .min(1)
  .max(200)
  .optional()
  .describe("With csv a column, else the first; with json and ndjson the path of a member, such as a.b. Text has a number in each line, f32 has numbers only.");

/** What a shard writes. */
export const outputJson = z
  .strictObject({
    format: z
      .enum(OUTPUT_FORMATS)
      .describe("What a shard writes to stdout: json is one document, f32 are numbers, little-endian, and a tile is the pixels of a part of a picture."),
    tile: z
      .strictObject({
        width: side.describe("In pixels."),
        height: side.describe("In pixels."),
        pixels: z.enum(TILE_PIXELS).describe("Samples of one byte; rows from the top."),
      })
      .optional()
      .describe("With format tile only: what every output is, to the byte."),
  })
  .default({ format: "bytes" })
  .describe("The outputs of shards.");

/** How outputs become the result; `artifact` is how a program is named. */
export function reducerJson<Ref extends z.ZodType>(artifact: Ref) {
  return z
    .discriminatedUnion("kind", [
      z
        .strictObject({ kind: z.literal("concat") })
        .describe(
          "Joins them in shard order; with csv the header is kept once, with csv and ndjson a newline is put between shards where one is missing, and json becomes one array.",
        ),
      z.strictObject({ kind: z.literal("sum"), field }).describe("Adds all numbers up; of f32 element by element, in f64."),
      z.strictObject({ kind: z.literal("min"), field }).describe("The least number; of f32 element by element, in f64."),
      z.strictObject({ kind: z.literal("max"), field }).describe("The greatest number; of f32 element by element, in f64."),
      z.strictObject({ kind: z.literal("mean"), field }).describe("The mean, with its standard error; of f32 element by element, in f64."),
      z
        .strictObject({
          kind: z.literal("histogram"),
          field,
          from: finite.describe("Where the first part begins."),
          to: finite.describe("Where the last part ends, not included."),
          bins: z.int().min(1).max(R.binsMax).describe("How many equal parts."),
        })
        .refine((v) => v.to > v.from, { error: "must be above from", path: ["to"] })
        .describe("How many numbers lie in each part of a span."),
      z
        .strictObject({
          kind: z.literal("top-k"),
          field,
          k: z.int().min(1).max(R.kMax).describe("How many rows."),
          order: z.enum(TOP_ORDERS).default("largest").describe("Which come first."),
        })
        .describe("The rows with the largest or smallest numbers."),
      z
        .strictObject({ kind: z.literal("mosaic"), columns: z.int().min(1).max(R.columnsMax).describe("How many tiles stand side by side.") })
        .describe("Puts tiles together to one PNG: from the left, and row by row from the top."),
      z
        .strictObject({
          kind: z.literal("wasi"),
          artifact: artifact.describe("Its bytes."),
          args: ownArgs.describe("Arguments after its name; {{ stands for a brace."),
          format: z.enum(REDUCED_FORMATS).default("bytes").describe("What it writes."),
        })
        .describe(
          "A wasm32-wasip1 command module of yours: it reads further outputs in shard order on stdin, joined as concat joins them, and what it wrote last as /data/state, empty at first; what it writes is the result so far. Trusted devices run it.",
        ),
    ])
    .default({ kind: "concat" })
    .describe("How outputs become the result.");
}
