import { sql } from "drizzle-orm";
import { bigserial, boolean, index, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { NOTICE_KINDS, NOTICE_TOPICS } from "#lib/domain/notice/notice.ts";
import { accounts } from "./accounts.ts";
import { jobs } from "./jobs.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** What an account was told, written by the transaction that made it true. */
export const notices = pgTable(
  "notices",
  {
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    /** What happened, the same each time it is written: `job_…:done:…`. One row for each account and event. */
    event: text("event").notNull(),
    /** Order of the feed, and what a page calls it. */
    no: bigserial("no", { mode: "number" }).notNull().unique(),
    kind: text("kind", { enum: NOTICE_KINDS }).notNull(),
    jobId: uuid("job_id")
      .notNull()
      .references(() => jobs.id),
    /** Whether the job is the account's own, and not one that it was let in to. */
    isOwn: boolean("is_own").notNull(),
    /** Why, as a code of the error table with its parameters. */
    reason: jsonb("reason").$type<{ code: string; params: Record<string, string | number> } | null>(),
    /** Amounts and counts of the sentence. */
    params: jsonb("params").$type<Record<string, string | number>>().notNull(),
    at: at("at").notNull(),
    readAt: at("read_at"),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.event] }),
    index("notices_feed").on(t.accountId, t.no),
    index("notices_unread").on(t.accountId).where(sql`read_at is null`),
    index("notices_job").on(t.jobId),
    index("notices_at").on(t.at),
  ],
);

/** By which ways an account wants to be told; what has no row is as the defaults say. */
export const noticeSettings = pgTable(
  "notice_settings",
  {
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    topic: text("topic", { enum: NOTICE_TOPICS }).notNull(),
    feed: boolean("feed").notNull(),
    push: boolean("push").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.topic] })],
);
