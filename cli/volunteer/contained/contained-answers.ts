import { z } from "zod";
import { sha256Hex } from "#lib/hash/sha256.ts";
import type { PrepareResult, ShardOutcome } from "#workers/executor/executor-contract.ts";
import { TRAP_KINDS } from "#workers/executor/trap-kind.ts";
import type { Frame } from "./frames.ts";

const prepared = z.discriminatedUnion("ok", [
  z.strictObject({ ok: z.literal(true), isPaced: z.boolean() }),
  z.strictObject({ ok: z.literal(false), reason: z.string() }),
]);
const facts = { stderr: z.string(), durationMs: z.number().min(0), memoryBytesPeak: z.number().min(0) };
const ended = z.discriminatedUnion("status", [
  z.object({ status: z.literal("ok"), ...facts }),
  z.object({ status: z.literal("exit_code"), exitCode: z.int(), ...facts }),
  z.object({ status: z.literal("trap"), trap: z.enum(TRAP_KINDS), ...facts }),
  z.object({ status: z.enum(["output_limit", "no_output", "out_of_memory"]), ...facts }),
  z.object({ status: z.literal("crashed"), message: z.string(), ...facts }),
]);

/** What the process says of a program, or null if it says something else. */
export function readPrepared({ head }: Frame): PrepareResult | null {
  return prepared.safeParse(head).data ?? null;
}

/** What the process says of a run, or null if it says something else. Of an output its bytes are taken and nothing that is said about them. */
export function readOutcome({ head, parts }: Frame): ShardOutcome | null {
  const outcome = ended.safeParse(head).data;
  if (!outcome) return null;
  if (outcome.status !== "ok") return outcome;
  const [output] = parts;
  return output ? { ...outcome, output, outputSha256: sha256Hex(output) } : null;
}
