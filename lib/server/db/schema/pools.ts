import { index, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { POOL_ROLES } from "#lib/domain/pool/pool.ts";
import { accounts, devices } from "./accounts.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** A private group whose jobs only its devices compute. */
export const privatePools = pgTable("private_pools", {
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  createdAt: at("created_at").notNull(),
});

/** Accounts of a pool. Devices that are linked to them belong to it too. */
export const poolMembers = pgTable(
  "pool_members",
  {
    poolId: uuid("pool_id")
      .notNull()
      .references(() => privatePools.id),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    role: text("role", { enum: POOL_ROLES }).notNull(),
    joinedAt: at("joined_at").notNull(),
    /** Hash of the code that let it in; null for who made the pool. */
    codeHash: text("code_hash"),
  },
  (t) => [primaryKey({ columns: [t.poolId, t.accountId] }), index("pool_members_account").on(t.accountId)],
);

/** Devices that joined by an invite themselves, with or without an account. */
export const poolDevices = pgTable(
  "pool_devices",
  {
    poolId: uuid("pool_id")
      .notNull()
      .references(() => privatePools.id),
    deviceId: uuid("device_id")
      .notNull()
      .references(() => devices.id),
    joinedAt: at("joined_at").notNull(),
    /** Hash of the code that let it in; null for who made the pool. */
    codeHash: text("code_hash"),
  },
  (t) => [primaryKey({ columns: [t.deviceId, t.poolId] }), index("pool_devices_pool").on(t.poolId)],
);

/** Codes by which accounts and devices join; only a hash is kept. */
export const poolInvites = pgTable(
  "pool_invites",
  {
    id: uuid("id").primaryKey(),
    poolId: uuid("pool_id")
      .notNull()
      .references(() => privatePools.id),
    hint: text("hint").notNull(),
    codeHash: text("code_hash").notNull().unique(),
    createdAt: at("created_at").notNull(),
    expiresAt: at("expires_at").notNull(),
    revokedAt: at("revoked_at"),
  },
  (t) => [index("pool_invites_pool").on(t.poolId)],
);
