import { sql } from "drizzle-orm";
import { bigint, date, index, integer, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { INCIDENT_KINDS } from "#lib/domain/operations/incident.ts";
import { OPERATOR_ACTS } from "#lib/domain/operations/operator-act.ts";
import { accounts } from "./accounts.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** What operators did, in order. A row is written in the transaction of the act itself and never changed. */
export const operatorActs = pgTable("operator_acts", {
  no: bigint("no", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  at: at("at").notNull(),
  by: uuid("by")
    .notNull()
    .references(() => accounts.id),
  act: text("act", { enum: OPERATOR_ACTS }).notNull(),
  /** The job, program or account that it was about; empty where it was the instance. */
  subject: text("subject").notNull(),
  /** What the operator wrote with it; empty where nothing is asked for. */
  reason: text("reason").notNull(),
});

/** What operators tell everybody about the instance on its status page. */
export const instanceIncidents = pgTable(
  "instance_incidents",
  {
    no: integer("no").primaryKey().generatedAlwaysAsIdentity(),
    kind: text("kind", { enum: INCIDENT_KINDS }).notNull(),
    text: text("text").notNull(),
    startedAt: at("started_at").notNull(),
    endedAt: at("ended_at"),
  },
  (t) => [index("instance_incidents_newest").on(t.startedAt), index("instance_incidents_open").on(t.no).where(sql`ended_at is null`)],
);

/** How each duty of the background work ended last, whichever process ran it. */
export const dutyRuns = pgTable("duty_runs", {
  name: text("name").primaryKey(),
  endedAt: at("ended_at").notNull(),
  durationMs: integer("duration_ms").notNull(),
  /** When it last ended well; null where it never did. */
  doneAt: at("done_at"),
  /** How often it failed since then, and with what. */
  failures: integer("failures").notNull(),
  error: text("error"),
});

/** How many bytes an account has uploaded on a day (UTC). */
export const uploadDays = pgTable(
  "upload_days",
  {
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    day: date("day").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.day] })],
);
