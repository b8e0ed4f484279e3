import { sql } from "drizzle-orm";
import { bigint, boolean, check, customType, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { EPOCH_STATES } from "#lib/domain/payouts/epoch-state.ts";
import { accounts } from "./accounts.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const micro = (name: string) => bigint(name, { mode: "bigint" });
const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });

/** The pairs of contracts that this instance pays through, one on each of its chains, as their escrow described itself when it was first seen. Nothing of it ever changes on chain. */
export const pools = pgTable("pools", {
  chainId: integer("chain_id").primaryKey(),
  /** Which purse of an account holds what is there: 0 for the instance's first chain, else the chain's number. */
  purse: integer("purse").notNull().unique().default(0),
  escrow: text("escrow").notNull(),
  distributor: text("distributor").notNull(),
  token: text("token").notNull(),
  tokenName: text("token_name").notNull(),
  tokenSymbol: text("token_symbol").notNull(),
  tokenVersion: text("token_version"),
  feeBps: integer("fee_bps").notNull(),
  minIntervalS: integer("min_interval_s").notNull(),
  challengeS: integer("challenge_s").notNull(),
  withdrawDelayS: integer("withdraw_delay_s").notNull(),
  /** First block that has not been read for good. */
  nextBlock: bigint("next_block", { mode: "number" }).notNull(),
  /** Hash of the last block read for good; null before the first. Another hash at its height means the chain took back what was booked. */
  lastHash: text("last_hash"),
  /** Up to here, exclusively, ranges were read a second time. */
  rescannedTo: bigint("rescanned_to", { mode: "number" }).notNull(),
  head: bigint("head", { mode: "number" }).notNull().default(0),
  followedAt: at("followed_at"),
  /** Why nothing is booked or proposed any more until an operator has looked. */
  frozen: text("frozen"),
});

/** What the contracts logged. Unconfirmed rows are read anew each time; a confirmed one is booked in the transaction that confirms it. */
export const chainEvents = pgTable(
  "chain_events",
  {
    chainId: integer("chain_id").notNull(),
    blockHash: text("block_hash").notNull(),
    logIndex: integer("log_index").notNull(),
    blockNumber: bigint("block_number", { mode: "number" }).notNull(),
    txHash: text("tx_hash").notNull(),
    name: text("name").notNull(),
    /** Arguments by name; numbers as decimal strings, addresses and words in lower case. */
    args: jsonb("args").$type<Record<string, string>>().notNull(),
    isConfirmed: boolean("is_confirmed").notNull(),
    blockAt: at("block_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.blockHash, t.logIndex] }), index("chain_events_block").on(t.chainId, t.blockNumber, t.logIndex)],
);

/** An owner's budget on chain, as the confirmed events left it. */
export const budgets = pgTable(
  "budgets",
  {
    chainId: integer("chain_id").notNull(),
    key: text("key").notNull(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    budgetId: text("budget_id").notNull(),
    balanceMicro: micro("balance_micro").notNull(),
    epochCapMicro: micro("epoch_cap_micro").notNull(),
    /** When the owner's way out opens; nothing can be taken from then on. */
    withdrawAt: at("withdraw_at"),
    releases: integer("releases").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.key] }), index("budgets_account").on(t.accountId), check("budgets_not_negative", sql`${t.balanceMicro} >= 0`)],
);

/** An instant withdrawal that the instance signed. It is open until the chain shows it or its deadline is over for good. */
export const budgetReleases = pgTable(
  "budget_releases",
  {
    chainId: integer("chain_id").notNull(),
    key: text("key").notNull(),
    nonce: integer("nonce").notNull(),
    accountId: uuid("account_id").notNull(),
    toAddress: text("to_address").notNull(),
    amountMicro: micro("amount_micro").notNull(),
    deadline: at("deadline").notNull(),
    signature: text("signature").notNull(),
    state: text("state", { enum: ["open", "done", "expired"] }).notNull(),
    createdAt: at("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.key, t.nonce, t.deadline] }), index("budget_releases_open").on(t.deadline).where(sql`state = 'open'`)],
);

/** A batch of verified earnings on its way to the chain. */
export const epochs = pgTable(
  "epochs",
  {
    chainId: integer("chain_id").notNull(),
    no: integer("no").notNull(),
    state: text("state", { enum: EPOCH_STATES }).notNull(),
    cutAt: at("cut_at").notNull(),
    netMicro: micro("net_micro").notNull(),
    feeMicro: micro("fee_micro").notNull(),
    /** Sum of all leaves. */
    totalMicro: micro("total_micro"),
    leafCount: integer("leaf_count"),
    leavesSha256: text("leaves_sha256"),
    nodesSha256: text("nodes_sha256"),
    root: text("root"),
    fileSha256: text("file_sha256"),
    /** The transaction that is being sent: signed, and stored before it leaves. */
    rawTx: text("raw_tx"),
    txHash: text("tx_hash"),
    txSentAt: at("tx_sent_at"),
    /** Its number in the contract, which counts vetoed proposals and foreign ones too. */
    chainNo: integer("chain_no"),
    proposedAt: at("proposed_at"),
    finalizableAt: at("finalizable_at"),
    proposedTx: text("proposed_tx"),
    endedAt: at("ended_at"),
    endedTx: text("ended_tx"),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.no] })],
);

/** What an epoch takes from a budget, and for whose money in jobs: an instance's own budget also pays what it gave away. */
export const epochDebits = pgTable(
  "epoch_debits",
  {
    chainId: integer("chain_id").notNull(),
    epochNo: integer("epoch_no").notNull(),
    key: text("key").notNull(),
    accountId: uuid("account_id").notNull(),
    amountMicro: micro("amount_micro").notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.epochNo, t.key, t.accountId] })],
);

/** What an epoch takes over from a job, and in how many posting groups, so that a veto can book exactly that back. */
export const epochJobs = pgTable(
  "epoch_jobs",
  {
    chainId: integer("chain_id").notNull(),
    epochNo: integer("epoch_no").notNull(),
    jobId: uuid("job_id").notNull(),
    netMicro: micro("net_micro").notNull(),
    feeMicro: micro("fee_micro").notNull(),
    groups: integer("groups").notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.epochNo, t.jobId] })],
);

/** Whose money an epoch takes over from a job that several funded: the parts of what `epoch_jobs` says of it. */
export const epochStakes = pgTable(
  "epoch_stakes",
  {
    chainId: integer("chain_id").notNull(),
    epochNo: integer("epoch_no").notNull(),
    jobId: uuid("job_id").notNull(),
    accountId: uuid("account_id").notNull(),
    amountMicro: micro("amount_micro").notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.epochNo, t.jobId, t.accountId] }), index("epoch_stakes_job").on(t.jobId)],
);

/** Signed claims that the relayer has sent: one for each amount that an account had been paid before, so that asking twice sends once. */
export const relayedClaims = pgTable(
  "relayed_claims",
  {
    chainId: integer("chain_id").notNull(),
    accountId: uuid("account_id").notNull(),
    alreadyPaidMicro: micro("already_paid_micro").notNull(),
    amountMicro: micro("amount_micro").notNull(),
    feeMicro: micro("fee_micro").notNull(),
    /** Signed, and stored before it leaves. */
    rawTx: text("raw_tx").notNull(),
    txHash: text("tx_hash").notNull(),
    sentAt: at("sent_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.accountId, t.alreadyPaidMicro] })],
);

/** Jobs of which every micro-unit has left the job's side of the books: no epoch looks at them again. */
export const settledJobs = pgTable("settled_jobs", { jobId: uuid("job_id").primaryKey() });

/**
 * Sums of postings that nothing can change any more, so that a balance reads only what came later. A sum covers the rows that were written by transactions
 * before `through`; all of them had ended when it was made. It holds in the database cluster that made it; elsewhere it counts for nothing.
 */
export const postingSums = pgTable(
  "posting_sums",
  {
    /** An account or a device; their ids are never equal. */
    holderId: uuid("holder_id").notNull(),
    /** Of an account; 0 for a device, whose pay lies on the jobs' side. */
    purse: integer("purse").notNull().default(0),
    side: text("side").notNull(),
    amountMicro: micro("amount_micro").notNull(),
    through: xid8("through").notNull(),
    cluster: text("cluster").notNull(),
  },
  (t) => [primaryKey({ columns: [t.holderId, t.purse, t.side] })],
);
