import { sql } from "drizzle-orm";
import { bigint, boolean, check, customType, index, integer, jsonb, pgTable, primaryKey, smallint, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { LANES, WANTED_KINDS } from "#lib/domain/dispatch/lanes.ts";
import { JOB_STATES, type JobSpec } from "#lib/domain/job/job.ts";
import { OUTCOMES } from "#lib/domain/replica/outcome.ts";
import { accounts } from "./accounts.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });
const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/** A submission and what became of it. The hot path never writes here. */
export const jobs = pgTable(
  "jobs",
  {
    id: uuid("id").primaryKey(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    name: text("name").notNull(),
    spec: jsonb("spec").$type<JobSpec>().notNull(),
    state: text("state", { enum: JOB_STATES }).notNull(),
    /** Why the job is where it is, as a code of the error table, with its parameters. */
    reason: jsonb("reason").$type<{ code: string; params: Record<string, string | number> } | null>(),
    shardCount: integer("shard_count").notNull(),
    /** Offsets of the shards in the input: n + 1 unsigned 64-bit little-endian numbers, as an artifact. */
    indexSha256: text("index_sha256"),
    /** The bytes in which shards lie, where they are not the input itself: the unpacked files of a zip. */
    cutSha256: text("cut_sha256"),
    priceMicro: bigint("price_micro", { mode: "bigint" }).notNull(),
    feeBps: integer("fee_bps").notNull(),
    /** Out of which purse of its owner and funders it is paid, and so on which chain devices get what they earn in it. */
    purse: integer("purse").notNull().default(0),
    createdAt: at("created_at").notNull().defaultNow(),
    endedAt: at("ended_at"),
    /** When the last unspent micro-unit went back and no grant was left: nothing of this job moves any more. */
    closedAt: at("closed_at"),
    /** When its program, input and files were let go of, long after it closed. */
    filesGoneAt: at("files_gone_at"),
    /** From when on nobody gets its result any more, as whoever is concerned was told before; null until that is said. */
    resultsEndAt: at("results_end_at"),
    /** When the last of its outputs was removed. */
    resultsGoneAt: at("results_gone_at"),
    /** When what its replicas reported was made small; its grants are gone. */
    archivedAt: at("archived_at"),
  },
  (t) => [
    index("jobs_open").on(t.accountId).where(sql`ended_at is null`),
    index("jobs_files_kept").on(t.closedAt).where(sql`closed_at is not null and files_gone_at is null`),
    index("jobs_unarchived").on(t.closedAt).where(sql`files_gone_at is not null and archived_at is null`),
    index("jobs_results_untold").on(t.closedAt).where(sql`closed_at is not null and results_end_at is null`),
    index("jobs_results_kept").on(t.resultsEndAt).where(sql`results_end_at is not null and results_gone_at is null`),
    index("jobs_account").on(t.accountId, t.createdAt),
    index("jobs_unclosed").on(t.state).where(sql`closed_at is null`),
    index("jobs_closed").on(t.closedAt).where(sql`closed_at is not null`),
  ],
);

/** Which artifacts a job's devices may read, and as what. */
export const jobArtifacts = pgTable(
  "job_artifacts",
  {
    jobId: uuid("job_id")
      .notNull()
      .references(() => jobs.id),
    sha256: text("sha256").notNull(),
    part: text("part", { enum: ["program", "input", "file", "index", "output"] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.sha256, t.part] }), index("job_artifacts_sha256").on(t.sha256)],
);

/** The narrow row that grants move: where each pass stands and what open grants may still cost. */
export const jobCursors = pgTable(
  "job_cursors",
  {
    jobId: uuid("job_id").primaryKey(),
    state: text("state", { enum: JOB_STATES }).notNull(),
    shardCount: integer("shard_count").notNull(),
    /** Next number not yet granted, per pass; the array has `quorum` elements and never rises from left to right. */
    heads: integer("heads").array().notNull(),
    /** Escrow of the job: what all grants together may cost at most. */
    budgetMicro: bigint("budget_micro", { mode: "bigint" }).notNull(),
    /** Worst cost of open grants plus the cost of reported replicas that were not found wrong. */
    committedMicro: bigint("committed_micro", { mode: "bigint" }).notNull().default(sql`0`),
    costMicro: bigint("cost_micro", { mode: "bigint" }).notNull(),
    /** When an ordinary device last began the job or moved a later pass: one that stands still for long waits for an independent device. */
    movedAt: at("moved_at").notNull().defaultNow(),
    /** Pay of results up to this window has vested; whatever is settled for one of them later is earned at once. */
    vestedWindowNo: integer("vested_window_no").notNull().default(0),
    /** Shards of which a copy was given out in the job's tail, counted as often as they were. */
    tailCopies: integer("tail_copies").notNull().default(0),
  },
  (t) => [check("job_cursors_within_budget", sql`${t.committedMicro} >= 0 and ${t.committedMicro} <= ${t.budgetMicro}`)],
);

/** Progress of a job, striped so that concurrent exchanges do not wait for one another. The sum over stripes is exact. */
export const jobCounters = pgTable(
  "job_counters",
  {
    jobId: uuid("job_id").notNull(),
    stripe: smallint("stripe").notNull(),
    accepted: integer("accepted").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    replicas: integer("replicas").notNull().default(0),
    wrong: integer("wrong").notNull().default(0),
    /** Of the verdicts, those that were not final at once. */
    held: integer("held").notNull().default(0),
    /** How often a result of the job was taken back. */
    revoked: integer("revoked").notNull().default(0),
    durationMs: bigint("duration_ms", { mode: "number" }).notNull().default(0),
    outputBytes: bigint("output_bytes", { mode: "number" }).notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.stripe] })],
);

/** One contiguous range of replicas handed to one device, with a deadline. */
export const grants = pgTable(
  "grants",
  {
    jobId: uuid("job_id").notNull(),
    id: uuid("id").notNull(),
    deviceId: uuid("device_id").notNull(),
    /** What counts as one voter: the account of the device, or the device itself while it has none. */
    voterId: uuid("voter_id").notNull(),
    /** The device's cluster when it was granted: replicas of a shard go to different ones. Null in rows of a version that knew none. */
    clusterId: uuid("cluster_id"),
    /** Sequence number of the exchange that got it, so that a repeated request gets the same grants. */
    seq: bigint("seq", { mode: "number" }).notNull(),
    fromNo: integer("from_no").notNull(),
    toNo: integer("to_no").notNull(),
    round: smallint("round").notNull().default(0),
    /** How often these replicas were lost before. */
    attempt: smallint("attempt").notNull().default(0),
    /** The want that it came from; null for a range of a pass. */
    wantedKind: text("wanted_kind", { enum: WANTED_KINDS }),
    lane: text("lane", { enum: LANES }).notNull().default("any"),
    state: text("state", { enum: ["open", "closed", "expired", "abandoned", "stopped"] }).notNull(),
    reported: integer("reported").notNull().default(0),
    uploads: integer("uploads").notNull().default(0),
    /** How long its device was expected to take for all of it; null where nothing was known. */
    expectedMs: integer("expected_ms"),
    grantedAt: at("granted_at").notNull(),
    deadlineAt: at("deadline_at").notNull(),
    hardCapAt: at("hard_cap_at").notNull(),
    untalliedSince: at("untallied_since"),
    /** Tallied since, and not yet folded into what is known of the devices. */
    unfoldedSince: at("unfolded_since"),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.id] }),
    index("grants_voter").on(t.jobId, t.voterId, t.fromNo).where(sql`state = 'open'`),
    index("grants_cluster").on(t.jobId, t.clusterId, t.fromNo).where(sql`state = 'open'`),
    index("grants_device_open").on(t.deviceId).where(sql`state = 'open'`),
    index("grants_deadline").on(t.deadlineAt).where(sql`state = 'open'`),
    index("grants_untallied").on(t.untalliedSince).where(sql`untallied_since is not null`),
    index("grants_unfolded").on(t.unfoldedSince).where(sql`unfolded_since is not null`),
    check("grants_range", sql`from_no >= 0 and to_no > from_no`),
  ],
);

/** Everything irregular that still has to run: lost ranges, third opinions, ranges a pass had to skip, checks, revoked shards, copies in a job's tail. */
export const wanted = pgTable(
  "wanted",
  {
    jobId: uuid("job_id").notNull(),
    fromNo: integer("from_no").notNull(),
    toNo: integer("to_no").notNull(),
    round: smallint("round").notNull().default(0),
    kind: text("kind", { enum: WANTED_KINDS }).notNull(),
    /** Distinguishes wants of one kind for the same shards, so that repeating a request inserts nothing. */
    ordinal: text("ordinal").notNull(),
    attempt: smallint("attempt").notNull().default(0),
    /** Who may take it. */
    lane: text("lane", { enum: LANES }).notNull().default("any"),
    /** The smaller goes first. */
    priority: smallint("priority").notNull().default(1),
    /** Voters who may not take it before `excludedUntil`; results of a shard exclude their voter for ever. */
    excluded: uuid("excluded").array().notNull(),
    excludedUntil: at("excluded_until").notNull(),
    createdAt: at("created_at").notNull(),
    /** When it was granted. The row stays until the job closes: its key is what makes a repeated want harmless. */
    takenAt: at("taken_at"),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.fromNo, t.round, t.kind, t.ordinal] }),
    index("wanted_by_priority").on(t.jobId, t.priority, t.createdAt).where(sql`taken_at is null`),
  ],
);

/** What a replica reported. One vote per voter by construction of the key. */
export const results = pgTable(
  "results",
  {
    jobId: uuid("job_id").notNull(),
    shardNo: integer("shard_no").notNull(),
    round: smallint("round").notNull().default(0),
    voterId: uuid("voter_id").notNull(),
    deviceId: uuid("device_id").notNull(),
    clusterId: uuid("cluster_id"),
    grantId: uuid("grant_id").notNull(),
    outcome: text("outcome", { enum: OUTCOMES }).notNull(),
    /** SHA-256 of the output, or of the failure's name for a failure. */
    digest: bytea("digest").notNull(),
    /** The output while no verdict took it over; null when it is an artifact or was not accepted. */
    output: bytea("output"),
    outputBytes: integer("output_bytes").notNull(),
    exitCode: integer("exit_code"),
    trap: text("trap"),
    stderr: text("stderr"),
    durationMs: integer("duration_ms").notNull(),
    /** With a kernel, the class of GPU that ran it. */
    adapter: text("adapter"),
    reportedAt: at("reported_at").notNull(),
    settledAt: at("settled_at"),
    /** Whether the verdict agreed; null while there is none. */
    agreed: text("agreed", { enum: ["yes", "no"] }),
    /** Whether it was folded into what is known of its device; judged results of one grant may be folded at different times. */
    isFolded: boolean("is_folded").notNull().default(false),
    /** Whether its pay was forfeited after it was settled. */
    isForfeited: boolean("is_forfeited").notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.shardNo, t.round, t.voterId] })],
);

/**
 * The verdict of a shard; the row appears when redundancy decided, and holds the canonical output once. A revoked shard is `open` in the next round until
 * that one is decided. `round` counts revocations.
 */
export const shards = pgTable(
  "shards",
  {
    jobId: uuid("job_id").notNull(),
    no: integer("no").notNull(),
    round: smallint("round").notNull().default(0),
    verdict: text("verdict", { enum: ["accepted", "failed", "open"] }).notNull(),
    /** Why it failed, as a code of the error table. */
    reason: text("reason"),
    outcome: text("outcome", { enum: OUTCOMES }),
    digest: bytea("digest"),
    output: bytea("output"),
    outputBytes: integer("output_bytes").notNull().default(0),
    decidedAt: at("decided_at").notNull(),
    /** The window that has to close before the verdict is final; null where it was final at once. */
    windowNo: integer("window_no"),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.no] }), index("shards_failed").on(t.jobId, t.no).where(sql`verdict = 'failed'`)],
);

/** Where a job's money is: `pending` was settled and may be forfeited until its window closes, `earned` is vested, `reserve` holds what was forfeited. */
const JOB_SIDES = ["escrow", "clearing", "pending", "earned", "fee", "reserve"] as const;

/** Money of jobs: escrow, earnings of devices, fees, reserve. Rows are only ever inserted. */
export const jobPostings = pgTable(
  "job_postings",
  {
    jobId: uuid("job_id").notNull(),
    ref: text("ref").notNull(),
    line: integer("line").notNull(),
    side: text("side", { enum: JOB_SIDES }).notNull(),
    deviceId: uuid("device_id"),
    amountMicro: bigint("amount_micro", { mode: "bigint" }).notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    /** The transaction that wrote it: what `posting_sums` counts by. */
    written: xid8("written").notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.ref, t.line] }),
    index("job_postings_device_created").on(t.deviceId, t.createdAt).where(sql`device_id is not null`),
    index("job_postings_device_written").on(t.deviceId, t.written).where(sql`device_id is not null`),
    check("job_postings_not_zero", sql`amount_micro <> 0`),
    check("job_postings_device_side", sql`(side in ('earned', 'pending')) = (device_id is not null)`),
  ],
);

/**
 * The last exchange of each device: a repeated request is known by its number. `since` is when its session began, `losses` how many of its grants in a row
 * were lost in silence. `repeatedSeq` is the number of which a second copy came last: its answer may have left before the first copy was done.
 */
export const deviceExchanges = pgTable("device_exchanges", {
  deviceId: uuid("device_id").primaryKey(),
  seq: bigint("seq", { mode: "number" }).notNull(),
  at: at("at"),
  since: at("since"),
  losses: smallint("losses").notNull().default(0),
  repeatedSeq: bigint("repeated_seq", { mode: "number" }),
  repeatedAt: at("repeated_at"),
});
