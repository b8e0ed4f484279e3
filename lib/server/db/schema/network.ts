import { bigint, integer, pgTable, timestamp } from "drizzle-orm/pg-core";

/** What the instance had done in all at a moment, and how many devices computed then: one row a minute, kept for eight days. */
export const networkSamples = pgTable("network_samples", {
  at: timestamp("at", { withTimezone: true }).primaryKey(),
  accepted: bigint("accepted", { mode: "number" }).notNull(),
  failed: bigint("failed", { mode: "number" }).notNull(),
  replicas: bigint("replicas", { mode: "number" }).notNull(),
  wrong: bigint("wrong", { mode: "number" }).notNull(),
  devices: integer("devices").notNull(),
  /** Cores of those devices together; null where a version wrote the row that did not count them. */
  cores: integer("cores"),
});
