import { sql } from "drizzle-orm";
import { boolean, customType, index, integer, jsonb, pgTable, smallint, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { ERRAND_KINDS, ERRAND_STATES, type ErrandEnd, type ErrandRun } from "#lib/domain/errand/errand.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const bytea = customType<{ data: Uint8Array }>({ dataType: () => "bytea" });

/** What trusted devices run beside replicas. */
export const errands = pgTable(
  "errands",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: ERRAND_KINDS }).notNull(),
    state: text("state", { enum: ERRAND_STATES }).notNull().default("open"),
    /** For whom. */
    accountId: uuid("account_id").notNull(),
    /** The job, or the trial that it is part of. */
    groupId: uuid("group_id").notNull(),
    /** The shard, or with `reduce` the first one that it takes. */
    shardNo: integer("shard_no").notNull(),
    /** With `reduce` the shard up to which it goes, itself not included. */
    toNo: integer("to_no"),
    round: smallint("round").notNull().default(0),
    /** With `verify` and `check` the output's digest, in hexadecimal. */
    digest: text("digest"),
    /** What is to run; null where it follows from job, shard and digest. */
    run: jsonb("run").$type<ErrandRun>(),
    attempts: smallint("attempts").notNull().default(0),
    deviceId: uuid("device_id"),
    deadlineAt: at("deadline_at"),
    createdAt: at("created_at").notNull(),
    endedAt: at("ended_at"),
    /** How it ended. */
    ended: jsonb("ended").$type<ErrandEnd>(),
    /** With `verify`, what the verifier said; with `check`, whether the run came to the accepted output, null where it says nothing. */
    accepted: boolean("accepted"),
    /** With `check`, whether a trusted device of the instance was asked. */
    isAsked: boolean("is_asked").notNull().default(false),
    output: bytea("output"),
    outputSha256: text("output_sha256"),
  },
  (t) => [
    index("errands_waiting").on(t.kind, t.createdAt).where(sql`state in ('open', 'taken')`),
    uniqueIndex("errands_verify").on(t.groupId, t.shardNo, t.round, t.digest).where(sql`kind = 'verify'`),
    uniqueIndex("errands_reduce").on(t.groupId).where(sql`kind = 'reduce' and state in ('open', 'taken')`),
    uniqueIndex("errands_check").on(t.groupId, t.shardNo, t.round).where(sql`kind = 'check'`),
    index("errands_group").on(t.groupId, t.shardNo),
    index("errands_account").on(t.accountId, t.createdAt).where(sql`kind = 'trial'`),
  ],
);
