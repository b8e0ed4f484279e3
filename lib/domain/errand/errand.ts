import type { JobId, Sha256 } from "../ids.ts";

/**
 * What a trusted device runs beside replicas, for nobody's pay: `trial` a shard of a job that is not submitted yet, `verify` an owner's verifier over a reported output,
 * `reduce` an owner's reducer over accepted outputs, and `check` a shard with an accepted output once more, which devices of the job's owner alone do. The order is that in which
 * they are given out.
 */
export const ERRAND_KINDS = ["trial", "verify", "reduce", "check"] as const;
export type ErrandKind = (typeof ERRAND_KINDS)[number];

/**
 * Life of an errand.
 *
 * | state | means | leaves to |
 * |---|---|---|
 * | open | waits for a trusted device | taken, dropped |
 * | taken | a device runs it until its deadline | open (the machine failed, or its deadline passed), done, dropped |
 * | done | it was run; its outcome says how that ended | – |
 * | dropped | nobody needs it any more | – |
 */
export const ERRAND_STATES = ["open", "taken", "done", "dropped"] as const;

/** Bytes that a program reads: given here, or part of an artifact. */
export type Piece = { base64: string } | { sha256: Sha256; start: number; end: number };

/** One run of a program, whole: whoever has it needs nothing else. Limits as for shards. */
export type ErrandRun = {
  program: Sha256;
  args: string[];
  env: Record<string, string>;
  /** Unsigned 64-bit decimal. */
  seed: string;
  stdin: Piece[];
  files: { name: string; pieces: Piece[] }[];
  limits: { timeMsMax: number; memoryBytesMax: number; outputBytesMax: number };
};

/** How a run ended; the outcomes of a shard. */
export const ERRAND_OUTCOMES = ["ok", "no_output", "exit_code", "trap", "output_limit", "timeout", "out_of_memory", "crashed"] as const;
export type ErrandOutcome = (typeof ERRAND_OUTCOMES)[number];
export type ErrandEnd = { outcome: ErrandOutcome; exitCode: number | null; trap: string | null; stderr: string; durationMs: number };

/** A verification of the output with this digest. */
export type VerifyPart = { jobId: JobId; shardNo: number; round: number; digest: string };

/** A step of a job's reducer over the accepted outputs of these shards. */
export type ReducePart = { jobId: JobId; fromNo: number; toNo: number };

export const ERRAND_LIMITS = {
  /** Outputs come back inside the report. */
  outputBytesMax: 8 * 1024 * 1024,
  /** A machine may fail at an errand so often before its end counts as the program's. */
  attemptsMax: 3,
  /** What fetching and starting may take beyond the program's own time. */
  graceMs: 60_000,
  takenMax: 16,
} as const;

/** Beside a reducer's files: what it wrote last, empty at first. */
export const REDUCER_FILES = { state: "state" } as const;

/** One run of an owner's reducer. Its memory is the job's. */
export const REDUCER_LIMITS = { timeMsMax: 60_000, outputBytesMax: ERRAND_LIMITS.outputBytesMax } as const;

/** Beside a verifier's files: what the shard was given and what came of it. */
export const VERIFIER_FILES = { input: "shard.in", output: "shard.out" } as const;

/** What an end means when it may be the machine's fault: another attempt while there are some left. */
export function isWorthRepeating(outcome: ErrandOutcome, attempts: number): boolean {
  return (outcome === "timeout" || outcome === "out_of_memory" || outcome === "crashed") && attempts < ERRAND_LIMITS.attemptsMax;
}

/** An end in a word or two, for sentences about it. */
export function nameEnd({ outcome, exitCode, trap }: Pick<ErrandEnd, "outcome" | "exitCode" | "trap">): string {
  if (exitCode !== null) return `exit code ${exitCode}`;
  return trap === null ? outcome : `trap: ${trap}`;
}

/** Whether a reducer ended well; what it wrote, perhaps nothing, is then the result so far. */
export function isReduced(outcome: ErrandOutcome): boolean {
  return outcome === "ok" || outcome === "no_output";
}

/** What a verifier says by its end: exit code 0 accepts and 1 rejects, whatever it prints; anything else is a fault of the verifier, which is `null`. */
export function readVerification({ outcome, exitCode }: Pick<ErrandEnd, "outcome" | "exitCode">): "accepted" | "rejected" | null {
  if (outcome === "ok" || outcome === "no_output") return "accepted";
  return outcome === "exit_code" && exitCode === 1 ? "rejected" : null;
}
