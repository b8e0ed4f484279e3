import { sql } from "drizzle-orm";
import { bigint, boolean, check, customType, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { CHALLENGE_PURPOSES } from "#lib/domain/account/challenge-purpose.ts";
import { ACCOUNT_SIDES } from "#lib/domain/ledger/sides.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });

/** Somebody who signed in, with a wallet or a passkey. `roles` holds what was granted beyond owner, which everybody is. */
export const accounts = pgTable(
  "accounts",
  {
    id: uuid("id").primaryKey(),
    /** Of the wallet, with EIP-55's checksum; null while a passkey is the only way in. */
    address: text("address").unique(),
    roles: text("roles").array().notNull().default(sql`'{}'`),
    /** Sessions issued before this moment are refused: sign-out everywhere. */
    sessionsValidFrom: at("sessions_valid_from").notNull().defaultNow(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (t) => [index("accounts_lower_address").on(sql`lower(${t.address})`)],
);

/** Single-use random values that somebody has to sign; a row is deleted by the one who uses it. */
export const challenges = pgTable(
  "challenges",
  {
    nonce: text("nonce").primaryKey(),
    purpose: text("purpose", { enum: CHALLENGE_PURPOSES }).notNull(),
    /** The account that it was made for, where it was for one; one that is only to be made exists already as a number. */
    subject: uuid("subject"),
    expiresAt: at("expires_at").notNull(),
  },
  (t) => [index("challenges_expiry").on(t.expiresAt)],
);

/** Secrets of programs that act for an account; only a hash is kept. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid("id").primaryKey(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    name: text("name").notNull(),
    hint: text("hint").notNull(),
    secretHash: text("secret_hash").notNull().unique(),
    scopes: text("scopes").array().notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    expiresAt: at("expires_at"),
    lastUsedAt: at("last_used_at"),
    revokedAt: at("revoked_at"),
    /** What its jobs may reserve in a day and in total; null for whatever the account has. */
    spendDayMicro: bigint("spend_day_micro", { mode: "bigint" }),
    spendTotalMicro: bigint("spend_total_micro", { mode: "bigint" }),
    /** The only job it may see and change; null for all of the account's. */
    jobId: uuid("job_id"),
  },
  (t) => [index("api_keys_account").on(t.accountId)],
);

/** A browser profile or headless process that computes, known by its public key. */
export const devices = pgTable(
  "devices",
  {
    id: uuid("id").primaryKey(),
    /** RFC 7638 thumbprint of the public key. */
    thumbprint: text("thumbprint").notNull().unique(),
    publicKey: jsonb("public_key").notNull(),
    accountId: uuid("account_id").references(() => accounts.id),
    kind: text("kind", { enum: ["browser", "headless"] }).notNull(),
    trusted: boolean("trusted").notNull().default(false),
    trustedBy: uuid("trusted_by").references(() => accounts.id),
    /** The account whose jobs it checks; it computes for nobody then. */
    checksFor: uuid("checks_for").references(() => accounts.id),
    cores: integer("cores").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    lastSeenAt: at("last_seen_at").notNull().defaultNow(),
    revokedAt: at("revoked_at"),
    linkedAt: at("linked_at"),
    unlinkedAt: at("unlinked_at"),
    /** When its volunteer closed it for good: it gets no further grants, and what is held back of its pay is released as the checks of it end. */
    closedAt: at("closed_at"),
  },
  (t) => [
    index("devices_account").on(t.accountId).where(sql`account_id is not null`),
    index("devices_checks_for").on(t.checksFor).where(sql`checks_for is not null`),
    index("devices_seen").on(t.lastSeenAt),
    index("devices_revoked").on(t.revokedAt).where(sql`revoked_at is not null`),
  ],
);

/** One-time codes by which an operator grants trust to the key that presents one, or an account has it check its own jobs. */
export const enrolments = pgTable("enrolments", {
  id: uuid("id").primaryKey(),
  codeHash: text("code_hash").notNull().unique(),
  createdBy: uuid("created_by")
    .notNull()
    .references(() => accounts.id),
  /** The account whose jobs the key is to check; null for trust in the instance's name. */
  checksFor: uuid("checks_for").references(() => accounts.id),
  createdAt: at("created_at").notNull().defaultNow(),
  expiresAt: at("expires_at").notNull(),
  usedByDevice: uuid("used_by_device").references(() => devices.id),
  usedAt: at("used_at"),
});

/** Immutable bytes named by their SHA-256; the bytes themselves lie in the blob store. */
export const artifacts = pgTable("artifacts", {
  sha256: text("sha256").primaryKey(),
  bytes: bigint("bytes", { mode: "number" }).notNull(),
  createdAt: at("created_at").notNull().defaultNow(),
});

/** Who completed an upload of an artifact and may therefore refer to it. Uploads of devices belong to a job instead. */
export const artifactOwners = pgTable(
  "artifact_owners",
  {
    sha256: text("sha256")
      .notNull()
      .references(() => artifacts.sha256),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.sha256] })],
);

/**
 * Money of accounts. Rows are only ever inserted.
 *
 * | side | holds |
 * |---|---|
 * | `available` | what the account can spend on jobs or withdraw |
 * | `releasing` | what a signed withdrawal may take |
 * | `clearing` | meets the job's side of a transfer; both together are zero for each ref |
 * | `publishing` | earnings in an epoch that can still be vetoed |
 * | `published` | earnings that the account can claim from the chain |
 * | `fee` | fees, at the platform's account |
 * | `issued` | demo money, negative: what the instance gave and its own budget still has to pay |
 * | `chain` | negative: what the contracts hold for the account |
 */
export const accountPostings = pgTable(
  "account_postings",
  {
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Business id of the posting group, the same on both sides of a transfer: `faucet:…`, `fund:job_…`, `fund:job_…:acc_…:n`, `refund:job_…:n`, `deposit:…`, `payout:job_…:n:n`, `claim:…`. */
    ref: text("ref").notNull(),
    side: text("side", { enum: ACCOUNT_SIDES }).notNull(),
    amountMicro: bigint("amount_micro", { mode: "bigint" }).notNull(),
    /** On which chain the money is: 0 on the instance's first chain, else the chain's number. All lines of a group name the same. */
    purse: integer("purse").notNull().default(0),
    createdAt: at("created_at").notNull().defaultNow(),
    /** The transaction that wrote it: what `posting_sums` counts by. */
    written: xid8("written").notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.ref, t.side] }),
    check("account_postings_not_zero", sql`amount_micro <> 0`),
    index("account_postings_ref").on(t.ref),
    index("account_postings_written").on(t.accountId, t.purse, t.written),
    index("account_postings_created").on(t.accountId, t.createdAt),
  ],
);

/**
 * Who agreed to which version of a text, and when first. `who` is an account or a device, whose ids are never equal; it refers to neither table, so that one
 * key holds both.
 */
export const consents = pgTable(
  "consents",
  {
    who: uuid("who").notNull(),
    document: text("document", { enum: ["privacy", "terms"] }).notNull(),
    version: text("version").notNull(),
    at: at("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.who, t.document, t.version] })],
);
