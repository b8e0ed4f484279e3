import { sql } from "drizzle-orm";
import { customType, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import type { ErrandEnd } from "#lib/domain/errand/errand.ts";
import { REDUCTION_STATES } from "#lib/domain/reduce/reducer.ts";

const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/** Jobs whose outputs a program of their owner reduces, and how far that is. */
export const jobReductions = pgTable(
  "job_reductions",
  {
    jobId: uuid("job_id").primaryKey(),
    state: text("state", { enum: REDUCTION_STATES }).notNull().default("going"),
    /** The step that ended badly, and how. */
    failure: jsonb("failure").$type<ErrandEnd & { fromNo: number; toNo: number }>(),
    lookedAt: timestamp("looked_at", { withTimezone: true }).notNull(),
  },
  (t) => [index("job_reductions_going").on(t.lookedAt).where(sql`state = 'going'`)],
);

/** What the reducer of a job wrote over its shards from the first up to but without `toNo`. The last one is the result so far. */
export const jobReductionSteps = pgTable(
  "job_reduction_steps",
  {
    jobId: uuid("job_id").notNull(),
    toNo: integer("to_no").notNull(),
    /** Accepted shards in it. */
    shards: integer("shards").notNull(),
    state: bytea("state").notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.toNo] })],
);
