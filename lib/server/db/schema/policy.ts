import { sql } from "drizzle-orm";
import { index, integer, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { RULE_KINDS, RULE_VERDICTS } from "#lib/domain/policy/decide-admission.ts";
import { accounts } from "./accounts.ts";
import { jobs } from "./jobs.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** Programs (by digest) and accounts (by address in lower case) that an operator allowed or denied. */
export const policyRules = pgTable("policy_rules", {
  subject: text("subject").primaryKey(),
  kind: text("kind", { enum: RULE_KINDS }).notNull(),
  verdict: text("verdict", { enum: RULE_VERDICTS }).notNull(),
  reason: text("reason").notNull(),
  decidedBy: uuid("decided_by")
    .notNull()
    .references(() => accounts.id),
  decidedAt: at("decided_at").notNull(),
});

/** Jobs that waited for an operator before they ran; without a decision they still wait. */
export const jobReviews = pgTable(
  "job_reviews",
  {
    jobId: uuid("job_id")
      .primaryKey()
      .references(() => jobs.id),
    requestedAt: at("requested_at").notNull(),
    decision: text("decision", { enum: RULE_VERDICTS }),
    decidedBy: uuid("decided_by").references(() => accounts.id),
    decidedAt: at("decided_at"),
  },
  (t) => [index("job_reviews_open").on(t.requestedAt).where(sql`decision is null`)],
);

/** What people said about a job; one report of each account, device, or network. */
export const jobReports = pgTable(
  "job_reports",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => jobs.id),
    /** The id of an account or of a device with its prefix, or `net_` and a keyed hash of job and network. */
    reporter: text("reporter").notNull(),
    text: text("text").notNull(),
    reportedAt: at("reported_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.reporter] }), index("job_reports_newest").on(t.reportedAt)],
);

/** Emergency stops of the instance; while one is not resumed, nothing is granted. */
export const instanceStops = pgTable(
  "instance_stops",
  {
    no: integer("no").primaryKey().generatedAlwaysAsIdentity(),
    reason: text("reason").notNull(),
    stoppedBy: uuid("stopped_by")
      .notNull()
      .references(() => accounts.id),
    stoppedAt: at("stopped_at").notNull(),
    resumedAt: at("resumed_at"),
  },
  () => [uniqueIndex("instance_stops_one").on(sql`(resumed_at is null)`).where(sql`resumed_at is null`)],
);
