import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { MEMBER_ROLES } from "#lib/domain/job/job-role.ts";
import { accounts } from "./accounts.ts";
import { jobs } from "./jobs.ts";

/** Whom a job's owner let in: wallet addresses, of which whoever signs in with one is a collaborator, whether there was an account before or not; and ids of accounts without a wallet. */
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

/** Wallet addresses that may put money into a job beside its owner, and which part of what is returned each was promised. How much they put in is in the ledger. */
export const jobFunders = pgTable(
  "job_funders",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => jobs.id),
    /** In lower case. */
    address: text("address").notNull(),
    /** In hundredths of a per cent. Fixed once the address has put money in. */
    shareBps: integer("share_bps").notNull(),
    /** Who put money in; null before. */
    accountId: uuid("account_id").references(() => accounts.id),
    addedAt: timestamp("added_at", { withTimezone: true }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.address] }),
    index("job_funders_account").on(t.accountId),
    check("job_funders_share", sql`${t.shareBps} between 0 and 10000`),
  ],
);
