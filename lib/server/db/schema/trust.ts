import { sql } from "drizzle-orm";
import { boolean, customType, doublePrecision, index, integer, jsonb, pgTable, primaryKey, real, smallint, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { ASSURANCE_CLASSES } from "#lib/domain/trust/assurance.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });
const assurance = (name = "assurance") => text(name, { enum: ASSURANCE_CLASSES }).notNull();

/** What is known of a device; a device without a row is unknown. Written by the fold and at registration, never by an exchange. */
export const deviceTrust = pgTable(
  "device_trust",
  {
    deviceId: uuid("device_id").primaryKey(),
    clusterId: uuid("cluster_id").notNull(),
    stage: text("stage", { enum: ["active", "watched", "burned"] })
      .notNull()
      .default("active"),
    age: doublePrecision("age").notNull().default(0),
    agreed: doublePrecision("agreed").notNull().default(0),
    strikes: smallint("strikes").notNull().default(0),
    watchLeft: smallint("watch_left").notNull().default(0),
    /** Up to when age and agreements have faded. */
    touchedAt: at("touched_at").notNull(),
    /** Found out, and what it has on hold is not dealt with yet. */
    justiceDueAt: at("justice_due_at"),
    /** A trusted device that contradicted others too often: no result of it settles anything. */
    suspendedAt: at("suspended_at"),
  },
  (t) => [
    index("device_trust_cluster").on(t.clusterId),
    index("device_trust_justice").on(t.justiceDueAt).where(sql`justice_due_at is not null`),
    index("device_trust_established").on(t.agreed).where(sql`stage = 'active' and agreed >= 20`),
  ],
);

/** What joins devices, as keyed hashes that expire. */
export const clusterKeys = pgTable(
  "cluster_keys",
  {
    key: text("key").primaryKey(),
    clusterId: uuid("cluster_id").notNull(),
    /** How many new devices came with it: what a burst is counted by. */
    registrations: integer("registrations").notNull().default(0),
    expiresAt: at("expires_at").notNull(),
  },
  (t) => [index("cluster_keys_cluster").on(t.clusterId), index("cluster_keys_expiry").on(t.expiresAt)],
);

/** Clusters one of whose devices was found out. */
export const taintedClusters = pgTable("tainted_clusters", { clusterId: uuid("cluster_id").primaryKey(), taintedAt: at("tainted_at").notNull() });

/** Where a class stands: which window takes new results, up to which all are closed, and what its rates are multiplied by. A class without a row is at its beginning. */
export const trustClasses = pgTable("trust_classes", {
  assurance: assurance().primaryKey(),
  openWindowNo: integer("open_window_no").notNull().default(1),
  closedWindowNo: integer("closed_window_no").notNull().default(0),
  boosts: jsonb("boosts").$type<number[]>().notNull().default([]),
  boostAll: real("boost_all").notNull().default(1),
  floodWrongShare: real("flood_wrong_share").notNull().default(0),
  isFlooded: boolean("is_flooded").notNull().default(false),
});

/** Windows of a class. The secret of the lottery is published when its window has closed; its SHA-256 from the beginning. */
export const trustWindows = pgTable(
  "trust_windows",
  {
    assurance: assurance(),
    no: integer("no").notNull(),
    openedAt: at("opened_at").notNull(),
    endedAt: at("ended_at"),
    closedAt: at("closed_at"),
    results: integer("results").notNull().default(0),
    secret: bytea("secret").notNull(),
    /** By stratum, the rate at which its results were swept while closing. */
    sweptRates: jsonb("swept_rates").$type<number[]>().notNull().default([]),
    sweptAt: at("swept_at"),
  },
  (t) => [primaryKey({ columns: [t.assurance, t.no] })],
);

/** A result that can still be revoked: one row per held shard and round, deleted when its window has closed. */
export const holds = pgTable(
  "holds",
  {
    jobId: uuid("job_id").notNull(),
    no: integer("no").notNull(),
    round: smallint("round").notNull(),
    assurance: assurance(),
    windowNo: integer("window_no").notNull(),
    /** Who gave it. */
    deviceId: uuid("device_id").notNull(),
    clusterId: uuid("cluster_id").notNull(),
    stratum: smallint("stratum").notNull(),
    /** At which rate it was checked, and the lot that decided. */
    rate: real("rate").notNull(),
    lot: doublePrecision("lot").notNull(),
    /** `drawn` waits for its check, `done` was checked. */
    check: text("check", { enum: ["none", "drawn", "done"] }).notNull(),
    /** The trusted device that computed the same. */
    confirmedBy: uuid("confirmed_by"),
    /** Clusters other than its own whose replicas agreed. */
    witnesses: smallint("witnesses").notNull().default(0),
    /** The job's owner doubted it and a trusted device was asked. */
    isAsked: boolean("is_asked").notNull().default(false),
    createdAt: at("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.no, t.round] }),
    index("holds_window").on(t.assurance, t.windowNo, t.stratum, t.lot),
    index("holds_device").on(t.deviceId),
    index("holds_confirmed_by").on(t.confirmedBy).where(sql`confirmed_by is not null`),
  ],
);

/** How many verdicts of a job lie in a window: what its vesting looks for. */
export const jobWindows = pgTable(
  "job_windows",
  {
    jobId: uuid("job_id").notNull(),
    windowNo: integer("window_no").notNull(),
    assurance: assurance(),
    shards: integer("shards").notNull(),
    vestedAt: at("vested_at"),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.windowNo] }), index("job_windows_open").on(t.assurance, t.windowNo).where(sql`vested_at is null`)],
);

/** Clusters of which a trusted device confirmed a result lately: what its contradictions are held against. Deleted a day after. */
export const auditedClusters = pgTable(
  "audited_clusters",
  {
    byDevice: uuid("by_device").notNull(),
    clusterId: uuid("cluster_id").notNull(),
    confirmedAt: at("confirmed_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.byDevice, t.clusterId] }), index("audited_clusters_at").on(t.confirmedAt)],
);

/** A result that was found wrong: by whom, and what the estimate of hidden errors needs of it. */
export const refutations = pgTable(
  "refutations",
  {
    jobId: uuid("job_id").notNull(),
    no: integer("no").notNull(),
    round: smallint("round").notNull(),
    deviceId: uuid("device_id").notNull(),
    clusterId: uuid("cluster_id").notNull(),
    /** The trusted device that contradicted. */
    byDevice: uuid("by_device").notNull(),
    digest: bytea("digest").notNull(),
    assurance: assurance(),
    windowNo: integer("window_no").notNull(),
    stratum: smallint("stratum").notNull(),
    rate: real("rate").notNull(),
    at: at("at").notNull(),
    /** Because the job's owner had it looked at: it takes back the shard and says nothing about the device. */
    isAsked: boolean("is_asked").notNull().default(false),
    /** When the shard was taken back because of it. */
    appliedAt: at("applied_at"),
    /** When it was withdrawn, because the device that contradicted was found wrong itself. */
    withdrawnAt: at("withdrawn_at"),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.no, t.round, t.deviceId] }),
    index("refutations_window").on(t.assurance, t.windowNo),
    index("refutations_device").on(t.deviceId),
    index("refutations_by").on(t.byDevice, t.at),
    index("refutations_due").on(t.at).where(sql`applied_at is null`),
  ],
);

/** When an owner last downloaded a result: shards that changed afterwards are told to them. */
export const jobDownloads = pgTable("job_downloads", { jobId: uuid("job_id").primaryKey(), lastAt: at("last_at").notNull() });

/** A verdict that was taken back: what the shard's output was, and until when it could be downloaded. */
export const revocations = pgTable(
  "revocations",
  {
    jobId: uuid("job_id").notNull(),
    no: integer("no").notNull(),
    /** The round that was taken back. */
    round: smallint("round").notNull(),
    digest: bytea("digest"),
    decidedAt: at("decided_at").notNull(),
    revokedAt: at("revoked_at").notNull(),
    reason: text("reason", { enum: ["refuted", "device_burned", "auditor_wrong"] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.no, t.round] })],
);
