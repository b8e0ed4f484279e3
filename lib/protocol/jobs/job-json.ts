import { z } from "zod";
import { JOB_LIMITS as L, RUNTIMES } from "#lib/domain/job/job.ts";
import { findMilestoneProblem, MILESTONES_MAX } from "#lib/domain/job/milestones.ts";
import { KERNEL_LIMITS as K, KERNEL_ELEMENTS, KERNEL_FIELDS, PASS_ROUNDS } from "#lib/domain/kernel/kernel-manifest.ts";
import { microField } from "../fields.ts";
import { artifactRef, label, text } from "./parts-json.ts";
import { outputJson, reducerJson } from "./reducer-json.ts";
import { slicingJson } from "./slicing-json.ts";
import { verificationJson } from "./verification-json.ts";

const MEBI = 1024 * 1024;
const ARTIFACT = "Bytes by their SHA-256, or in a file on disk by their path.";
const PROGRAM = "The program that runs once for every shard.";
const INPUT = "What is cut into shards; each shard reads its part on stdin.";
const NAME = "Letters, digits, dot, dash and underscore.";
const FILES = "Files every shard can read under /data/<name>.";

const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, { error: "may use letters, digits, dot, dash and underscore, at most 100" });

const binding = z.int().min(0).max(999).describe("The number in @group(0) @binding(number).");
const bytes = z.int().min(4).max(K.bufferBytesMax).describe("Length in bytes, a multiple of 4.");

const kernelBinding = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("params"),
      binding,
      fields: z
        .array(z.enum(KERNEL_FIELDS))
        .min(1)
        .max(K.fieldsMax)
        .describe("Members of the uniform's struct; each takes the next of args, input_bytes the length of the input."),
    })
    .describe("var<uniform>: numbers."),
  z.strictObject({ kind: z.literal("input"), binding }).describe("var<storage, read>: the shard's part of the input, filled up to whole words with zeros."),
  z.strictObject({ kind: z.literal("file"), binding, name: fileName.describe("One of files.") }).describe("var<storage, read>: a shared file."),
  z.strictObject({ kind: z.literal("scratch"), binding, bytes }).describe("var<storage, read_write>: zeros at first, kept between passes, then forgotten."),
  z
    .strictObject({
      kind: z.literal("output"),
      binding,
      bytes,
      elements: z.enum(KERNEL_ELEMENTS).default("bytes").describe("What it holds; in f32 every NaN is written as 0x7fc00000."),
    })
    .describe("var<storage, read_write>: zeros at first; the shard's output, joined with the others in the order of their numbers."),
]);

/** How a WGSL kernel is run; its meaning is in docs/guide/write-a-wgsl-kernel.md. */
export const kernelJson = z.strictObject({
  bindings: z.array(kernelBinding).min(1).max(K.bindingsMax).describe("Every resource of the kernel, each once."),
  passes: z
    .array(
      z.strictObject({
        entryPoint: z
          .string()
          .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, { error: "must be the name of a function" })
          .describe("A function with @compute @workgroup_size(n)."),
        workgroups: z.int().min(1).max(K.workgroupsMax).describe("How many workgroups in one dimension; they run in any order and in parts."),
        in: z.enum(PASS_ROUNDS).default("every").describe("In which rounds the pass runs."),
      }),
    )
    .min(1)
    .max(K.passesMax)
    .describe("What runs one after the other; each sees what the one before has written."),
  rounds: z.int().min(1).max(K.roundsMax).default(1).describe("How often all passes run."),
  loopIterationsMax: z
    .int()
    .min(1)
    .max(K.loopIterationsMax)
    .default(65_536)
    .describe("Iterations of all loops together that one invocation of a pass may take; one more ends the shard as a trap, loop_budget."),
});

/** As a text that JSON Schema can describe. */
const poolRef = z.templateLiteral(["pol_", z.string().regex(/^[0-9a-f]{32}$/)]).describe("Its id.");

/** The only schema of a submission; `public/schema/job.v1.json` and docs/reference/job-json.md are built from it. */
export const jobJson = z.strictObject({
  version: z.literal(1).describe("Version of this format."),
  name: label(L.nameCharsMax).trim().min(1).describe("What volunteers and you will call it."),
  description: text(L.descriptionCharsMax).default("").describe("What it computes and why it matters; volunteers read this before they start."),
  topic: label(L.topicCharsMax).trim().default("other").describe("Field of the work, such as biology or energy."),
  program: z
    .strictObject({
      runtime: z.enum(RUNTIMES).describe("wasi: a wasm32-wasip1 command module. wgsl: a WebGPU compute kernel."),
      artifact: artifactRef,
      args: z
        .array(text(L.argBytesMax))
        .max(L.argsMax)
        .default([])
        .describe(
          "Arguments after the program's name. {shard} and {seed} are filled in for each shard, and what the slicing offers beyond them; {{ stands for a brace. With wgsl they fill the kernel's parameters.",
        ),
      kernel: kernelJson.optional().describe("How the kernel is run; with wgsl only."),
    })
    .describe(PROGRAM),
  input: artifactRef.optional().describe(INPUT),
  files: z
    .array(z.strictObject({ name: fileName.describe(NAME), artifact: artifactRef }))
    .max(L.filesMax)
    .default([])
    .describe(FILES),
  slicing: slicingJson,
  output: outputJson,
  reducer: reducerJson(artifactRef),
  limits: z
    .strictObject({
      timeMsMax: z.int().min(L.timeMsMin).max(L.timeMsMax).default(60_000).describe("Longest run of one shard, in milliseconds."),
      memoryBytesMax: z
        .int()
        .min(L.memoryBytesMin)
        .max(L.memoryBytesMax)
        .default(256 * MEBI)
        .describe("Largest memory of the program, in bytes."),
      outputBytesMax: z.int().min(1).max(L.outputBytesMax).default(MEBI).describe("Largest output of one shard, in bytes."),
    })
    .prefault({})
    .describe("A shard that goes beyond one of these ends with a clear outcome."),
  verification: verificationJson(artifactRef),
  price: z
    .strictObject({
      replicaMicro: microField.default("1000").describe("What each agreeing replica earns, in millionths of the instance's asset."),
      chainId: z
        .int()
        .min(1)
        .optional()
        .describe("The chain, by its number, whose money pays the job and on which devices claim it; without it the first of the instance's chains."),
    })
    .prefault({})
    .describe("What devices earn, and on which chain they get it."),
  milestones: z
    .array(
      z.strictObject({
        finalPercent: z.int().min(0).max(99).describe("So much of the shards must be final; 0 in the first, which begins the job."),
        releasePercent: z.int().min(1).max(100).describe("So much of the shards may then be computed and paid in all; 100 in the last."),
      }),
    )
    .min(1)
    .max(MILESTONES_MAX)
    .superRefine((milestones, check) => {
      const problem = findMilestoneProblem(milestones);
      if (problem) check.addIssue(problem);
    })
    .optional()
    .describe("Steps in which the reserved money becomes spendable, as results become final; without them all of it at once."),
  weight: z
    .int()
    .min(1)
    .max(L.weightMax)
    .optional()
    .describe("How much of your share of the instance this job gets beside your other jobs: one of 2 gets twice as much as one of 1, which is the default."),
  visibility: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("public") }).describe("Every device may compute it, and its name and description are public."),
      z.strictObject({ kind: z.literal("pool"), pool: poolRef }).describe("Only devices of this pool compute it and see that it exists. You must be a member."),
    ])
    .optional()
    .describe("Who computes it; without it, everybody. A pool is no secrecy: its members' machines read program and input."),
  seed: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,19})$/, { error: "must be a whole number from 0 to 18446744073709551615 as a decimal string" })
    .refine((text) => !/^[0-9]+$/.test(text) || BigInt(text) < 2n ** 64n, { error: "must be below 2^64" })
    .default("0")
    .describe("Every shard's random source and {seed} are derived from it."),
});
export type JobJson = z.output<typeof jobJson>;

const filePath = z.strictObject({ path: z.string().min(1).max(1000).describe("A file beside this one; it is uploaded for you.") });
const fileRef = z.union([filePath, artifactRef]);

/** The same document as a file on disk, where artifacts may be paths that a client uploads. */
export const jobFile = jobJson.extend({
  program: jobJson.shape.program.extend({ artifact: fileRef.describe(ARTIFACT) }).describe(PROGRAM),
  input: fileRef.optional().describe(INPUT),
  files: z
    .array(z.strictObject({ name: fileName.describe(NAME), artifact: fileRef.describe(ARTIFACT) }))
    .max(L.filesMax)
    .default([])
    .describe(FILES),
  reducer: reducerJson(fileRef),
  verification: verificationJson(fileRef),
});
export type JobFile = z.output<typeof jobFile>;
