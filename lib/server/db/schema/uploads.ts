import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** An upload that is not whole yet. Its bytes lie beside the artifacts, under its id; the row is deleted when it became one, was given up, or expired. */
export const uploads = pgTable(
  "uploads",
  {
    id: uuid("id").primaryKey(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    part: text("part", { enum: ["program", "input", "file"] }).notNull(),
    /** What was announced. */
    sha256: text("sha256").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    /** So many of its first bytes are written and synced. */
    receivedBytes: bigint("received_bytes", { mode: "number" }).notNull().default(0),
    createdAt: at("created_at").notNull(),
    expiresAt: at("expires_at").notNull(),
  },
  (t) => [
    unique("uploads_announced").on(t.accountId, t.sha256, t.bytes),
    index("uploads_expiry").on(t.expiresAt),
    check("uploads_received", sql`received_bytes between 0 and bytes`),
  ],
);
