import { customType, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";

const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/** What a job's reducer made of a block of shards that are all final: such a block is folded once. */
export const jobFolds = pgTable(
  "job_folds",
  {
    jobId: uuid("job_id").notNull(),
    blockNo: integer("block_no").notNull(),
    /** Accepted shards in it. */
    shards: integer("shards").notNull(),
    state: bytea("state").notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.blockNo] })],
);
