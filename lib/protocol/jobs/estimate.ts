import { z } from "zod";
import { JOB_LIMITS as L } from "#lib/domain/job/job.ts";
import { ASSURANCE_CLASSES } from "#lib/domain/trust/assurance.ts";
import { endpoint } from "../endpoint.ts";
import { microField } from "../fields.ts";

/** A number with the range that holds it in 80 of 100 cases. */
const range = z.object({ low: z.number(), median: z.number(), high: z.number() });

export const jobEstimate = z.object({
  assurance: z.enum(ASSURANCE_CLASSES),
  shardCount: z.number(),
  /** Executions that a shard takes on average until it has its verdict. */
  executionsPerShard: z.number(),
  /** What all executions together take of one core, in hours. */
  cpuHours: range,
  cost: z.object({
    /** Executions × the price of a replica with the fee. */
    expectedMicro: microField,
    /** What is reserved: every shard needs all of its replicas. */
    worstMicro: microField,
    feeBps: z.number(),
    asset: z.string(),
  }),
  /** What the time was reckoned with: devices that renewed their token in the last ten minutes, their cores, and jobs that want them too. */
  fleet: z.object({ devices: z.number(), cores: z.number(), otherJobs: z.number() }),
  /** From the first shard that is given out to the last verdict, in seconds; null while no device is there. */
  finishSeconds: range.nullable(),
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
    /** How long shards took that were tried on one machine, each in milliseconds. */
    trialMs: z.array(z.number().min(0).max(L.timeMsMax)).min(1).max(20),
    assurance: z.enum(ASSURANCE_CLASSES).optional(),
    quorum: z.int().min(1).max(L.quorumMax).optional(),
    replicasMax: z.int().min(1).max(L.replicasMax).optional(),
    replicaMicro: microField,
  }),
  output: jobEstimate,
  summary: "What a job would take, cost, and when it would be done on the devices that are there now, from shards that were tried. Nothing is stored.",
});
