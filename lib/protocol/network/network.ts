import { z } from "zod";
import { SHARD_STATES } from "#lib/domain/job/shard-map.ts";
import { JOB_WAITS } from "#lib/domain/network/decide-wait.ts";
import { endpoint } from "../endpoint.ts";
import { idField, momentField } from "../fields.ts";

export const networkJob = z.object({
  id: idField("job"),
  name: z.string(),
  topic: z.string(),
  description: z.string(),
  /** The owner's address, shortened to its first and last four digits. */
  owner: z.string(),
  shardCount: z.number(),
  acceptedCount: z.number(),
  failedCount: z.number(),
  /** Devices that hold grants of it whose deadline has not passed. */
  devices: z.number(),
  /** Whether a device that has run nothing of it yet would get shards now. */
  isOffered: z.boolean(),
  /** Why it waits; null while it is computed. */
  wait: z.enum(JOB_WAITS).nullable(),
  /** Whether everybody may see its result as a picture that grows: its owner published it, and tiles make one mosaic. */
  hasPicture: z.boolean(),
  /** Whether it pays nothing: its owner asks for a gift. */
  isDonation: z.boolean(),
});
export type NetworkJob = z.output<typeof networkJob>;

const wattRange = z.object({ from: z.number(), to: z.number() });

export const networkView = z.object({
  devices: z.object({
    /** Devices that hold grants whose deadline has not passed. One that fell silent counts until its deadline. */
    computing: z.number(),
    /** Devices that registered or renewed their token in the last ten minutes, the life of a token. Some may have left since. */
    seen: z.number(),
  }),
  /** What has been verified, as of the last count. Counts are a minute apart; null when there is none of the last three minutes. */
  verified: z
    .object({
      countedAt: momentField,
      /** Accepted shards per minute between the last two counts; null if there was no other within three minutes before. */
      shardsPerMinute: z.number().nullable(),
      /** Accepted shards in the hour before the last count, to the minute; null if nobody counted at its beginning. */
      lastHour: z.number().nullable(),
      /** Accepted shards since the instance began. */
      total: z.number(),
      /** Judged replicas for each shard that has a verdict, since the instance began; null before the first. */
      replicasPerShard: z.number().nullable(),
      /** Share of judged replicas that disagreed with their verdict, 0 to 1, since the instance began; null before the first. */
      disagreedShare: z.number().nullable(),
    })
    .nullable(),
  /** What the devices took in the last day, reckoned and not measured; null until two counts followed one another. */
  energy: z
    .object({
      /** The first count that it covers; at most a day ago. */
      since: momentField,
      /** Cores of computing devices × time between counts, each taken as busy. */
      coreHours: z.number(),
      /** `coreHours` × `wattsPerCore`. */
      wattHours: wattRange,
      /** What one busy core is taken to draw: rated power of processors divided by their cores, from a laptop's to a desktop's. */
      wattsPerCore: wattRange,
    })
    .nullable(),
  /** How many jobs run. */
  jobCount: z.number(),
  /** The newest of them, at most 20. */
  jobs: z.array(networkJob),
});
export type NetworkView = z.output<typeof networkView>;

export const HISTORY_RANGES = ["hour", "day", "week"] as const;
export type HistoryRange = (typeof HISTORY_RANGES)[number];
/** How far back each range looks. */
export const HISTORY_RANGE_MS: Record<HistoryRange, number> = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 };

export const getNetwork = endpoint({
  name: "getNetwork",
  method: "GET",
  path: "/api/v1/network",
  auth: "public",
  input: z.strictObject({}),
  output: networkView,
  summary: "What the instance does now: devices, verified shards, running jobs. At most two seconds old.",
});

export const getNetworkJob = endpoint({
  name: "getNetworkJob",
  method: "GET",
  path: "/api/v1/network/jobs/{jobId}",
  auth: "public",
  input: z.strictObject({ jobId: idField("job") }),
  /** Null where no such job runs. */
  output: z.object({ job: networkJob.nullable() }),
  summary: "One running job, as volunteers see it before they lend a device to it.",
});

export const networkShoal = z.object({
  /** One for each of the newest running jobs, at most five; the job that ended last while none runs. */
  schools: z.array(
    z.object({
      jobId: idField("job"),
      name: z.string(),
      shardCount: z.number(),
      /** The first shard of the part that is shown, which is where the job is being computed: at most 240 shards. */
      fromNo: z.number(),
      /** Neighbouring shards that stand alike. */
      runs: z.array(
        z.object({
          state: z.enum(SHARD_STATES),
          fromNo: z.number(),
          toNo: z.number(),
          /** Equal for shards of the job that the same device computes, and says nothing else of it. */
          swimmer: z.string().optional(),
        }),
      ),
    }),
  ),
});
export type NetworkShoal = z.output<typeof networkShoal>;

export const getNetworkShoal = endpoint({
  name: "getNetworkShoal",
  method: "GET",
  path: "/api/v1/network/shoal",
  auth: "public",
  input: z.strictObject({}),
  output: networkShoal,
  summary: "Which shards are being computed now and how they stand. At most two seconds old.",
});

export const getNetworkHistory = endpoint({
  name: "getNetworkHistory",
  method: "GET",
  path: "/api/v1/network/history",
  auth: "public",
  input: z.strictObject({ range: z.enum(HISTORY_RANGES).default("hour") }),
  output: z.object({
    range: z.enum(HISTORY_RANGES),
    /** Oldest first: about a minute each for an hour, a quarter of an hour for a day, two hours for a week. */
    spans: z.array(
      z.object({
        from: momentField,
        to: momentField,
        /** Accepted shards per minute; null where nobody counted. */
        shardsPerMinute: z.number().nullable(),
        /** Devices that computed at the end of the span. */
        devices: z.number(),
      }),
    ),
  }),
  summary: "Verified shards per minute over the last hour, day or week.",
});
export type NetworkHistory = z.output<(typeof getNetworkHistory)["output"]>;
