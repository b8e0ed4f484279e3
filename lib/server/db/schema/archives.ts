import { bigint, customType, integer, pgTable, primaryKey, smallint, text, timestamp, uuid } from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });
const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/**
 * What replicas of a job reported that nothing can change any more, a block of shards in a row: one array for each column of `results` that somebody may still ask
 * for, so that PostgreSQL compresses like with like. All arrays of a row are equally long and in the same order.
 */
export const resultArchives = pgTable(
  "result_archives",
  {
    jobId: uuid("job_id").notNull(),
    blockNo: integer("block_no").notNull(),
    /** How many of them were settled. */
    settled: bigint("settled", { mode: "number" }).notNull(),
    shardNos: integer("shard_nos").array().notNull(),
    rounds: smallint("rounds").array().notNull(),
    voterIds: uuid("voter_ids").array().notNull(),
    deviceIds: uuid("device_ids").array().notNull(),
    outcomes: text("outcomes").array().notNull(),
    /** Null where it is that of the shard. */
    digests: bytea("digests").array().notNull(),
    outputBytes: integer("output_bytes").array().notNull(),
    exitCodes: integer("exit_codes").array().notNull(),
    traps: text("traps").array().notNull(),
    stderrs: text("stderrs").array().notNull(),
    durationsMs: integer("durations_ms").array().notNull(),
    adapters: text("adapters").array().notNull(),
    reportedAts: at("reported_ats").array().notNull(),
    settledAts: at("settled_ats").array().notNull(),
    agreeds: text("agreeds").array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.blockNo] })],
);
