import { z } from "zod";
import { COMPARE_ELEMENTS, COMPARE_LIMITS } from "#lib/domain/compare/compare-rule.ts";
import { JOB_LIMITS as L } from "#lib/domain/job/job.ts";
import { ASSURANCE_CLASSES } from "#lib/domain/trust/assurance.ts";
import { ownArgs } from "./parts-json.ts";

const tolerance = z.number().min(0).max(1e30).default(0);
const compare = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("exact") }).describe("Equal bytes."),
    z
      .strictObject({
        kind: z.literal("numeric"),
        elements: z.enum(COMPARE_ELEMENTS).describe("Outputs are arrays of these, little-endian."),
        absolute: tolerance.describe("Two numbers a and b are close within absolute + relative · max(|a|, |b|) …"),
        relative: tolerance.describe("… and relative is the second part of that."),
        ulp: z.int().min(0).max(COMPARE_LIMITS.ulpMax).default(0).describe("Or when they are at most this many representable numbers apart."),
      })
      .describe("Arrays of numbers within a tolerance."),
    z
      .strictObject({
        kind: z.literal("text"),
        absolute: tolerance.describe("Decimal numbers in the text are close within this and …"),
        relative: tolerance.describe("… this times the larger one; two whole numbers must be equal."),
        ignoreTrailingSpace: z.boolean().default(false).describe("Whether blanks at the ends of lines and of the text do not count."),
      })
      .describe("Texts whose words are equal and whose numbers are close."),
    z.strictObject({ kind: z.literal("json") }).describe("JSON documents by their canonical form (RFC 8785): blanks and the order of members do not count."),
    z
      .strictObject({
        kind: z.literal("image"),
        mean: z.number().min(0).max(255).describe("Largest mean difference of samples."),
        largest: z.number().min(0).max(255).describe("Largest difference of one sample."),
      })
      .describe("Pixels of one byte a sample."),
  ])
  .optional()
  .describe(
    "When two outputs agree; without it, when their bytes are equal. Replicas count together that are all close to each other; the bytes of the medoid, whose farthest one is nearest, become the result.",
  );

const ownProgram = <Ref extends z.ZodType>(artifact: Ref) =>
  z
    .strictObject({
      artifact: artifact.describe("Its bytes."),
      args: ownArgs.describe("Arguments after its name, with the same placeholders as those of the program."),
    })
    .describe(
      "A wasm32-wasip1 command module that judges one output: it reads the output on stdin and as /data/shard.out, what the shard was given as /data/shard.in, and the job's files beside them; exit code 0 accepts, 1 rejects, and anything else stops the job. Trusted devices run it within the job's limits, so one replica is enough and what it accepts is final.",
    );

/** How results are checked; `artifact` is how programs are named. */
export function verificationJson<Ref extends z.ZodType>(artifact: Ref) {
  return z
    .strictObject({
      assurance: z
        .enum(ASSURANCE_CLASSES)
        .optional()
        .describe(
          "What is promised: instant is final as soon as replicas agree; economy, standard and high run a shard once and check results afterwards; critical does both. Without it, what the instance offers first.",
        ),
      quorum: z.int().min(1).max(L.quorumMax).optional().describe("How many replicas must agree, with instant only; 2 if left out."),
      replicasMax: z
        .int()
        .min(1)
        .max(L.replicasMax)
        .optional()
        .describe("How many replicas a shard gets at most before it fails for want of agreement, with instant only; 5 if left out."),
      compare,
      verifier: ownProgram(artifact).optional(),
    })
    .prefault({})
    .refine((v) => !v.verifier || ((v.assurance ?? "instant") === "instant" && (v.quorum ?? 1) === 1 && !v.compare), {
      error: "goes with assurance instant and a quorum of 1, and without compare: it decides alone",
      path: ["verifier"],
    })
    .refine((v) => v.quorum === undefined || v.replicasMax === undefined || v.replicasMax >= v.quorum, {
      error: "replicasMax must not be below quorum",
      path: ["replicasMax"],
    })
    .refine((v) => v.quorum === undefined || (v.assurance ?? "instant") === "instant", {
      error: "a quorum goes with instant only: the other classes decide it",
      path: ["quorum"],
    })
    .refine((v) => v.replicasMax === undefined || (v.assurance ?? "instant") === "instant", {
      error: "replicasMax goes with instant only: the other classes decide it",
      path: ["replicasMax"],
    })
    .describe("How results are checked.");
}
