import type { CompareRule } from "../compare/compare-rule.ts";
import type { Sha256 } from "../ids.ts";
import type { KernelManifest } from "../kernel/kernel-manifest.ts";
import type { Visibility } from "../pool/pool.ts";
import type { Reducer, Tile } from "../reduce/reducer.ts";
import type { Slicing } from "../slicing/slicing.ts";
import type { AssuranceClass } from "../trust/assurance.ts";
import type { Milestone } from "./milestones.ts";
import { TOPIC_CHARS_MAX } from "./topic.ts";

/**
 * Life of a job.
 *
 * | state | means | leaves to |
 * |---|---|---|
 * | running | shards are granted | paused, needs_funds, computed, final, failed, cancelled |
 * | paused | the owner stopped new grants | running, cancelled, computed or final (when what was out decides the rest) |
 * | needs_funds | the escrow cannot cover another grant | running, cancelled |
 * | computed | every shard has a verdict, some can still be revoked; checks go on | final, failed, cancelled |
 * | final | every shard has a verdict that never changes | running (its owner has the failed shards computed again) |
 * | failed | it stopped itself; `reason` says why | running (the same, where all shards were tried) |
 * | cancelled | its owner ended it | – |
 */
export const JOB_STATES = ["running", "paused", "needs_funds", "computed", "final", "failed", "cancelled"] as const;
export type JobState = (typeof JOB_STATES)[number];

/** States in which a job can still change. */
export const OPEN_JOB_STATES = ["running", "paused", "needs_funds", "computed"] as const satisfies readonly JobState[];

/** Whether the job can still change: no verdict, payment or grant happens in a state that is not open. */
export function isOpen(state: JobState): boolean {
  return OPEN_JOB_STATES.some((open) => open === state);
}

export const RUNTIMES = ["wasi", "wgsl"] as const;
export type Runtime = (typeof RUNTIMES)[number];

export const OUTPUT_FORMATS = ["bytes", "text", "csv", "ndjson", "json", "f32", "tile"] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export type ArtifactRef = { sha256: Sha256 };
export type SharedFile = { name: string; artifact: ArtifactRef };

export type RunLimits = { timeMsMax: number; memoryBytesMax: number; outputBytesMax: number };
/**
 * How results are checked. `quorum` is how many agreeing replicas make a shard's result usable, `replicasMax` how many replicas its escrow covers.
 * Without `compare` outputs are compared by digest. With a `verifier` one replica is enough that it accepts.
 */
export type Verification = {
  assurance: AssuranceClass;
  quorum: number;
  replicasMax: number;
  compare?: CompareRule | undefined;
  verifier?: OwnProgram | undefined;
};

/** A WASI program that an owner brings for trusted devices to run. */
export type OwnProgram = { artifact: ArtifactRef; args: string[] };

/** What a submission says about it; the instance fills in the rest, see `resolveVerification()`. */
export type VerificationWish = Partial<{ [key in keyof Verification]: Verification[key] | undefined }>;

/** The whole submission of an owner. Its only schema is `lib/protocol/jobs/job-json.ts`. */
export type JobSubmission = Omit<JobSpec, "verification"> & { verification: VerificationWish };

/** A submission with everything filled in, as it is kept. */
export type JobSpec = {
  version: 1;
  name: string;
  description: string;
  topic: string;
  program: { runtime: Runtime; artifact: ArtifactRef; args: string[]; kernel?: KernelManifest | undefined };
  input?: ArtifactRef | undefined;
  files: SharedFile[];
  slicing: Slicing;
  /** With format tile, what picture an output is. */
  output: { format: OutputFormat; tile?: Tile | undefined };
  reducer: Reducer;
  limits: RunLimits;
  verification: Verification;
  /** In which steps its money becomes spendable; without them all of it at once. */
  milestones?: Milestone[] | undefined;
  /** How much of its owner's share it gets beside the owner's other jobs; 1 without it. */
  weight?: number | undefined;
  /** Without it the job is public. */
  visibility?: Visibility | undefined;
  /** Base units (millionths) of the instance's asset, as a decimal string, for each agreeing replica; and the chain that pays them, the instance's first without it. */
  price: { replicaMicro: string; chainId?: number | undefined };
  /** Unsigned 64-bit decimal; the seed of every shard is derived from it. */
  seed: string;
};

/** Bounds of what an instance accepts; a job outside them is refused at the door with the field named. */
export const JOB_LIMITS = {
  programBytesMax: 64 * 1024 * 1024,
  inputBytesMax: 2 * 1024 * 1024 * 1024,
  filesBytesMax: 256 * 1024 * 1024,
  filesMax: 16,
  argsMax: 64,
  argBytesMax: 4096,
  timeMsMin: 100,
  timeMsMax: 600_000,
  memoryBytesMin: 1024 * 1024,
  memoryBytesMax: 2 * 1024 * 1024 * 1024,
  outputBytesMax: 64 * 1024 * 1024,
  shardsMax: 10_000_000,
  quorumMax: 5,
  replicasMax: 9,
  nameCharsMax: 120,
  descriptionCharsMax: 2000,
  topicCharsMax: TOPIC_CHARS_MAX,
  weightMax: 100,
} as const;

/** Outputs up to this size travel inside the exchange and are kept in the shard's row; larger ones are artifacts. */
export const INLINE_OUTPUT_BYTES_MAX = 8192;

/** How much of a program's stderr is kept per replica. */
export const STDERR_BYTES_MAX = 65_536;
