import { bigint, index, integer, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts, apiKeys } from "./accounts.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** What jobs that a key submitted reserved; one row for each job, so that limits of a day and in total are sums of what is written. */
export const keySpends = pgTable(
  "key_spends",
  {
    keyId: uuid("key_id")
      .notNull()
      .references(() => apiKeys.id, { onDelete: "cascade" }),
    jobId: uuid("job_id").notNull(),
    amountMicro: bigint("amount_micro", { mode: "bigint" }).notNull(),
    createdAt: at("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.keyId, t.jobId] })],
);

/** Requests that made something and carried an Idempotency-Key, with what they made; a repeat is answered with it. Kept for days, not for good. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    endpoint: text("endpoint").notNull(),
    key: text("key").notNull(),
    /** Of the input that the key came with: the same key with another is refused. */
    inputSha256: text("input_sha256").notNull(),
    jobId: uuid("job_id").notNull(),
    createdAt: at("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.endpoint, t.key] }), index("idempotency_keys_age").on(t.createdAt)],
);

/** A terminal that asks for a key: it shows the code, holds the secret, and waits for an owner's decision. Hashes only; a row is deleted when its key is handed out. */
export const logins = pgTable(
  "logins",
  {
    codeHash: text("code_hash").primaryKey(),
    secretHash: text("secret_hash").notNull().unique(),
    client: text("client").notNull(),
    scopes: text("scopes").array().notNull(),
    expiresInDays: integer("expires_in_days").notNull(),
    createdAt: at("created_at").notNull(),
    expiresAt: at("expires_at").notNull(),
    decision: text("decision", { enum: ["allowed", "denied"] }),
    accountId: uuid("account_id").references(() => accounts.id, { onDelete: "cascade" }),
    spendDayMicro: bigint("spend_day_micro", { mode: "bigint" }),
  },
  (t) => [index("logins_expiry").on(t.expiresAt)],
);

/** How many codes an account tried that nobody had asked for. */
export const loginMisses = pgTable("login_misses", {
  accountId: uuid("account_id")
    .primaryKey()
    .references(() => accounts.id, { onDelete: "cascade" }),
  count: integer("count").notNull(),
  since: at("since").notNull(),
});
