import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, smallint, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { notices } from "./notices.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** The instance's key pair towards push services (VAPID, RFC 8292), made once: what browsers subscribed with can never be exchanged. */
export const pushKeys = pgTable(
  "push_keys",
  {
    id: smallint("id").primaryKey().default(1),
    publicKey: text("public_key").notNull(),
    privateKey: text("private_key").notNull(),
    createdAt: at("created_at").notNull(),
  },
  (t) => [check("push_keys_one", sql`${t.id} = 1`)],
);

/** Browsers that asked to be told. Who has the endpoint and both secrets could push to it. */
export const pushSubscriptions = pgTable(
  "push_subscriptions",
  {
    /** Of the endpoint: what it is called where the endpoint itself must not be seen. */
    sha256: text("sha256").primaryKey(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    endpoint: text("endpoint").notNull(),
    /** Key and secret of the browser (RFC 8291), base64url. */
    p256dh: text("p256dh").notNull(),
    auth: text("auth").notNull(),
    /** In which messages are written. */
    language: text("language").notNull(),
    createdAt: at("created_at").notNull(),
    lastSentAt: at("last_sent_at"),
  },
  (t) => [index("push_subscriptions_account").on(t.accountId)],
);

/** Messages that are still to be pushed, written with their notices and deleted once they are settled. */
export const pushDeliveries = pgTable(
  "push_deliveries",
  {
    subscription: text("subscription")
      .notNull()
      .references(() => pushSubscriptions.sha256, { onDelete: "cascade" }),
    accountId: uuid("account_id").notNull(),
    event: text("event").notNull(),
    /** How often it was begun. */
    attempts: integer("attempts").notNull().default(0),
    nextAt: at("next_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subscription, t.event] }),
    foreignKey({ columns: [t.accountId, t.event], foreignColumns: [notices.accountId, notices.event] }).onDelete("cascade"),
    index("push_deliveries_notice").on(t.accountId, t.event),
    index("push_deliveries_next").on(t.nextAt),
  ],
);
