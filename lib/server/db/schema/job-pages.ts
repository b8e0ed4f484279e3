import { pgTable, timestamp, uuid } from "drizzle-orm/pg-core";
import { jobs } from "./jobs.ts";

/** Jobs whose owner lets everybody read what was computed and what came out. */
export const jobPages = pgTable("job_pages", {
  jobId: uuid("job_id")
    .primaryKey()
    .references(() => jobs.id),
  publishedAt: timestamp("published_at", { withTimezone: true }).notNull(),
});
