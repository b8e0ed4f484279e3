import { z } from "zod";
import { FINISH_UNKNOWN } from "#lib/domain/estimate/finish-unknown.ts";
import { JOB_LIMITS as L, RUNTIMES } from "#lib/domain/job/job.ts";
import { ASSURANCE_CLASSES } from "#lib/domain/trust/assurance.ts";
import { endpoint } from "../endpoint.ts";
import { idField, microField } from "../fields.ts";

/** A number with the range that holds it in 80 of 100 cases. */
const range = z.object({ low: z.number(), median: z.number(), high: z.number() });

export const jobEstimate = z.object({
  assurance: z.enum(ASSURANCE_CLASSES),
  shardCount: z.number(),
  /** Executions that a shard takes on average until it has its verdict. */
  executionsPerShard: z.number(),
  /** What all executions together take of one core, in hours; null where no shard was tried, and of a kernel, which takes no core. */
  cpuHours: range.nullable(),
  cost: z.object({
    /** Executions × the price of a replica with the fee. */
    expectedMicro: microField,
    /** What is reserved: every shard needs all of its replicas. */
    worstMicro: microField,
    feeBps: z.number(),
    asset: z.string(),
  }),
  /**
   * What the time was reckoned with: devices that renewed their token in the last ten minutes and may be given the job, their cores, and the running jobs with shards
   * left that all of them may be given too.
   */
  fleet: z.object({ devices: z.number(), cores: z.number(), otherJobs: z.number() }),
  /** From the first shard that is given out to the last verdict, in seconds; null where `finishUnknown` says why. */
  finishSeconds: range.nullable(),
  finishUnknown: z.enum(FINISH_UNKNOWN).nullable(),
});
export type JobEstimateView = z.output<typeof jobEstimate>;

export const estimateJob = endpoint({
  name: "estimateJob",
  method: "POST",
  path: "/api/v1/jobs/estimate",
  auth: "account",
  scope: "jobs:read",
  input: z.strictObject({
    shardCount: z.int().min(1).max(L.shardsMax),
    /** How long shards took that were tried on one machine, each in milliseconds; without it no time is told. */
    trialMs: z.array(z.number().min(0).max(L.timeMsMax)).min(1).max(20).optional(),
    /** `wasi` where nothing is said. */
    runtime: z.enum(RUNTIMES).optional(),
    /** The pool whose devices alone would compute the job; all devices where nothing is said. */
    pool: idField("pol").optional(),
    assurance: z.enum(ASSURANCE_CLASSES).optional(),
    quorum: z.int().min(1).max(L.quorumMax).optional(),
    replicasMax: z.int().min(1).max(L.replicasMax).optional(),
    replicaMicro: microField,
  }),
  output: jobEstimate,
  refusals: ["not_found"],
  summary:
    "What a job would cost, and from shards that were tried what it would take and when it would be done on the devices that are there now. Nothing is stored.",
});
