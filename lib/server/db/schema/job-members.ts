import { index, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { MEMBER_ROLES } from "#lib/domain/job/job-role.ts";
import { jobs } from "./jobs.ts";

/** Whom a job's owner let in: wallet addresses, of which whoever signs in with one is a collaborator, whether there was an account before or not. */
export const jobMembers = pgTable(
  "job_members",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => jobs.id),
    /** In lower case. */
    address: text("address").notNull(),
    role: text("role", { enum: MEMBER_ROLES }).notNull(),
    addedAt: timestamp("added_at", { withTimezone: true }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.address] }), index("job_members_address").on(t.address)],
);
