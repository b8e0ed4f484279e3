import { z } from "zod";
import { JOB_LIMITS as L } from "#lib/domain/job/job.ts";
import { GRID_LIMITS as G } from "#lib/domain/slicing/grid.ts";
import { SHARD_PLACEHOLDERS } from "#lib/domain/slicing/shard-values.ts";
import { CSV_DELIMITERS } from "#lib/domain/slicing/slicing.ts";

const count = z.int().min(1).max(L.shardsMax);
const recordsPerShard = count.default(1).describe("The last shard may have fewer.");
const finite = z.number().min(-1e300).max(1e300);

const axisName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/, { error: "may use letters, digits and underscore, at most 40, and begins with no digit" })
  .refine((name) => !SHARD_PLACEHOLDERS.some((taken) => taken === name), { error: "is a placeholder of every job; choose another name" })
  .describe("The placeholder that stands for its value in the arguments.");
const axisText = z
  .string()
  .max(G.valueCharsMax)
  .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), { error: "may not hold control characters" });

const axis = z
  .strictObject({
    name: axisName,
    values: z
      .array(z.union([z.number(), axisText]))
      .min(1)
      .max(G.axisValuesMax)
      .optional()
      .describe("Numbers or texts; or instead"),
    from: finite.optional().describe("the first number,"),
    to: finite.optional().describe("the last one, included, and"),
    count: count.optional().describe("how many equally spaced numbers there are."),
  })
  .refine(
    ({ values, from, to, count: length }) => {
      const numbers = [from, to, length].filter((given) => given !== undefined).length;
      return values === undefined ? numbers === 3 : numbers === 0;
    },
    { error: "needs either values, or from, to and count" },
  );

const axes = z
  .array(axis)
  .min(1)
  .max(G.axesMax)
  .superRefine((all, ctx) => {
    const names = new Set<string>();
    for (const [i, { name }] of all.entries()) {
      if (names.has(name)) ctx.addIssue({ code: "custom", path: [i, "name"], message: `${name} is the name of an earlier axis` });
      names.add(name);
    }
  });

/** How the input becomes shards; what each mode does is in docs/guide/cut-an-input.md. */
export const slicingJson = z
  .discriminatedUnion("mode", [
    z
      .strictObject({ mode: z.literal("lines"), linesPerShard: count.default(1).describe("The last shard may have fewer.") })
      .describe("Cuts a text input between lines."),
    z
      .strictObject({
        mode: z.literal("csv"),
        recordsPerShard,
        delimiter: z.enum(CSV_DELIMITERS).default(",").describe("What stands between fields."),
      })
      .describe("Cuts a CSV input between rows; every shard begins with the header."),
    z.strictObject({ mode: z.literal("ndjson"), recordsPerShard }).describe("Cuts an input of one JSON document a line."),
    z.strictObject({ mode: z.literal("fasta"), recordsPerShard }).describe("Cuts a FASTA input between records."),
    z
      .strictObject({ mode: z.literal("bytes"), bytesPerShard: z.int().min(1).max(L.inputBytesMax).describe("The last shard may have fewer.") })
      .describe("Cuts any input into blocks. {from} and {to} (exclusive) say where a block lies."),
    z
      .strictObject({ mode: z.literal("files") })
      .describe("The input is a zip; each file in it is a shard, in the order of their names. {file} is the file's name."),
    z
      .strictObject({
        mode: z.literal("range"),
        from: z.int().describe("The first value."),
        to: z.int().describe("Exclusive."),
        step: z.int().min(1).default(1).describe("From one value to the next."),
        valuesPerShard: count.default(1).describe("The last shard may have fewer."),
      })
      .describe("Counts; takes no input. Shards get {from}, {to} (exclusive) and {step} as arguments."),
    z
      .strictObject({ mode: z.literal("grid"), axes: axes.describe("The parameters; the last one changes fastest.") })
      .describe("Every combination of parameters; takes no input. Each axis is a placeholder of its name."),
    z
      .strictObject({ mode: z.literal("repeat"), runs: count.describe("How many shards.") })
      .describe("Runs the program again and again, each time with its own {seed}; takes no input. {run} counts from 0."),
  ])
  .describe("How the input becomes shards.");
