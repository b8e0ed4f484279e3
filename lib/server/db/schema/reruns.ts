import { bigint, integer, pgTable, primaryKey, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { jobs } from "./jobs.ts";

/** That failed shards of a job were computed again: who wanted it, when, how many, and what was reserved for it. Rows are only ever inserted. */
export const jobReruns = pgTable(
  "job_reruns",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => jobs.id),
    at: timestamp("at", { withTimezone: true }).notNull(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    shards: integer("shards").notNull(),
    reservedMicro: bigint("reserved_micro", { mode: "bigint" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.at] })],
);
