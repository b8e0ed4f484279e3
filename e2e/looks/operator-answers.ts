import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { getInstanceFigures, listActs, listInstanceJobs, StatusView } from "#lib/protocol/instance/operations.ts";
import type { getInstance, listReports, listReviews, listRules } from "#lib/protocol/instance/policy.ts";
import { agoIso, LAST_EPOCH } from "./answers.ts";

/*
 * What an instance answers to its operator and to those who ask how it is, fixed, for pictures. That the real answers are right is what `e2e/admin.spec.ts` looks at.
 */

const WATER = `job_${"3".repeat(32)}` as const;
const STARS = `job_${"4".repeat(32)}` as const;
const PROGRAM = "5d".repeat(32) as OutputOf<typeof listReviews>["reviews"][number]["program"];
const OWNER = "0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a";
const OPERATOR = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

export const STATUS: StatusView = {
  status: "degraded",
  checkedAt: agoIso(0),
  parts: [
    { part: "database", state: "ok", since: agoIso(0) },
    { part: "background", state: "late", since: agoIso(12) },
    { part: "chain", state: "ok", since: agoIso(0) },
    { part: "payouts", state: "ok", since: agoIso(180) },
  ],
  stoppedAt: null,
  incidents: [
    { no: 2, kind: "degraded", text: "Results come late today, because a disk is being replaced.", startedAt: agoIso(40), endedAt: null },
    { no: 1, kind: "notice", text: "The instance moves to a larger machine on Sunday.", startedAt: agoIso(9000), endedAt: agoIso(7600) },
  ],
};

const INSTANCE: OutputOf<typeof getInstance> = {
  programReview: "first-job",
  stop: null,
  jobsByState: [
    { state: "running", count: 12 },
    { state: "paused", count: 2 },
    { state: "final", count: 431 },
  ],
  devicesAtWork: 128,
  openGrants: 342,
  wanted: 17,
  wantedOldestS: 95,
  untallied: 0,
};

const FIGURES: OutputOf<typeof getInstanceFigures> = {
  devices: { computing: 128, seen: 214, trusted: 3, suspended: 1, revoked: 2 },
  lastHour: { accepted: 55_120, failed: 12, replicas: 60_080, wrong: 186 },
  disagreements: [{ jobId: WATER, name: "Water in the soil", wrong: 41, replicas: 900 }],
  wanted: [
    { kind: "lost", count: 12, oldestS: 40 },
    { kind: "opinion", count: 5, oldestS: 95 },
  ],
  chain: { head: 21_040_112, nextBlock: 21_040_081, followedAt: agoIso(0), frozen: null },
  epochs: [LAST_EPOCH],
  furtherChains: [],
  duties: [
    { name: "count-network", endedAt: agoIso(1), durationMs: 22, doneAt: agoIso(1), failures: 0, error: null },
    { name: "sweep", endedAt: agoIso(0), durationMs: 11, doneAt: agoIso(12), failures: 3, error: "deadlock detected" },
  ],
  process: {
    startedAt: agoIso(3000),
    refusals: [
      { code: "rate_limited", count: 214 },
      { code: "not_found", count: 12 },
    ],
    faults: [{ at: agoIso(14), where: "exchange", reference: "9a0c11d2b3e4", message: "Error: the disk is full" }],
  },
};

const REVIEWS: OutputOf<typeof listReviews> = {
  reviews: [
    {
      jobId: STARS,
      name: "Stars near the pole",
      description: "Measures how bright the stars of one field of the sky are on each of 4,000 pictures.",
      topic: "astronomy",
      owner: OWNER,
      program: PROGRAM,
      runtime: "wasi",
      programBytes: 96_120,
      shardCount: 4000,
      requestedAt: agoIso(25),
    },
  ],
};

const job = { isHeld: false, owner: OWNER, program: PROGRAM, reports: 0, createdAt: agoIso(300) };
const JOBS: OutputOf<typeof listInstanceJobs> = {
  jobs: [
    { ...job, jobId: WATER, name: "Water in the soil", state: "running", shardCount: 900, acceptedCount: 412, reports: 1 },
    { ...job, jobId: STARS, name: "Stars near the pole", state: "paused", isHeld: true, shardCount: 4000, acceptedCount: 0 },
  ],
  next: null,
};

const REPORTS: OutputOf<typeof listReports> = {
  reports: [{ jobId: WATER, name: "Water in the soil", state: "running", owner: OWNER, text: "It says soil and computes passwords.", reportedAt: agoIso(55) }],
};

const RULES: OutputOf<typeof listRules> = {
  rules: [{ subject: PROGRAM, kind: "program", verdict: "deny", reason: "It mines coins.", decidedAt: agoIso(4000) }],
};

const ACTS: OutputOf<typeof listActs> = {
  acts: [
    { no: 2, at: agoIso(40), by: OPERATOR, act: "post_incident", subject: "degraded", reason: "Results come late today, because a disk is being replaced." },
    { no: 1, at: agoIso(4000), by: OPERATOR, act: "deny", subject: PROGRAM, reason: "It mines coins." },
  ],
  next: null,
};

/** By address, as `page.route` takes them; a later one is asked first. */
export const INSTANCE_ANSWERS: Readonly<Record<string, unknown>> = {
  "**/api/v1/instance": INSTANCE,
  "**/api/v1/instance/figures": FIGURES,
  "**/api/v1/instance/reviews": REVIEWS,
  "**/api/v1/instance/jobs**": JOBS,
  "**/api/v1/instance/reports": REPORTS,
  "**/api/v1/instance/rules": RULES,
  "**/api/v1/instance/acts**": ACTS,
};
