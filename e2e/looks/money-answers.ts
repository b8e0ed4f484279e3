import type { getBalances } from "#lib/protocol/balances/balances.ts";
import type { listBudgets, listStatement } from "#lib/protocol/budgets/budgets.ts";
import { STANDING_BUDGET_ID } from "#lib/protocol/budgets/budgets.ts";
import type { listMyDevices } from "#lib/protocol/devices/devices-of-account.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { JobSummary, JobView, listJobs } from "#lib/protocol/jobs/jobs.ts";
import type { listEarnings } from "#lib/protocol/payouts/payouts.ts";
import { agoIso } from "./answers.ts";

/*
 * What an instance with a chain answers to somebody whose devices have earned and whose jobs have spent, fixed, for pictures. That the real answers are right is what
 * `e2e/money.spec.ts` looks at.
 */

const TIDES = `job_${"2".repeat(32)}` as const;
const STARS = `job_${"4".repeat(32)}` as const;
const LAPTOP = `dev_${"a1".repeat(16)}` as const;
const CLOSET = `dev_${"b2".repeat(16)}` as const;
const DEPOSIT_TX = `0x${"c3".repeat(32)}`;
const EPOCH_TX = `0x${"a1".repeat(32)}`;
const CLAIM_TX = `0x${"d4".repeat(32)}`;
const FUTURE_MINUTES = -180;
/** That of the chain which an instance of the stories has. */
const CHAIN_ID = 31_337;

const SPENDING = { availableMicro: "184250000", escrowMicro: "63400000", grantedMicro: "4250000", releasableMicro: "180000000", releasingMicro: "20000000" };
const PUBLISHED = { publishingMicro: "12004000", claimableMicro: "42180750", claimedMicro: "310912400" };
const BALANCES: OutputOf<typeof getBalances> = {
  asset: "dUSD",
  spending: SPENDING,
  earning: { ...PUBLISHED, pendingMicro: "18420500", reservedMicro: "5000000", verifiedMicro: "7310250" },
  next: { epochAt: agoIso(FUTURE_MINUTES), claimableAt: agoIso(FUTURE_MINUTES) },
  chains: [{ chainId: CHAIN_ID, spending: SPENDING, earning: PUBLISHED }],
  devices: 2,
};

const device = { trusted: false, linkedAt: agoIso(90_000), closedAt: null };
const DEVICES: OutputOf<typeof listMyDevices> = {
  devices: [
    { ...device, id: LAPTOP, kind: "browser", cores: 8, lastSeenAt: agoIso(2), earnedMicro: "291408150", pendingMicro: "14210300", reservedMicro: "3000000" },
    {
      ...device,
      id: CLOSET,
      kind: "headless",
      cores: 32,
      lastSeenAt: agoIso(4000),
      closedAt: agoIso(3900),
      earnedMicro: "99419750",
      pendingMicro: "4210200",
      reservedMicro: "2000000",
    },
  ],
};

const earning = { deviceId: null, jobId: null, epoch: null, txHash: null, chainId: CHAIN_ID };
const EARNINGS: OutputOf<typeof listEarnings> = {
  rows: [
    { ...earning, id: "7", at: agoIso(4), kind: "earned", amountMicro: "1250000", deviceId: LAPTOP, jobId: TIDES },
    { ...earning, id: "6", at: agoIso(31), kind: "taken_back", amountMicro: "250000", deviceId: CLOSET, jobId: STARS },
    { ...earning, id: "5", at: agoIso(100), kind: "claimable", amountMicro: "42180750", epoch: 41, txHash: EPOCH_TX },
    { ...earning, id: "4", at: agoIso(180), kind: "published", amountMicro: "42180750", epoch: 41 },
    { ...earning, id: "3", at: agoIso(700), kind: "vetoed", amountMicro: "42180750", epoch: 40 },
    { ...earning, id: "2", at: agoIso(1500), kind: "earned", amountMicro: "500000", deviceId: CLOSET, jobId: STARS },
    { ...earning, id: "1", at: agoIso(20_000), kind: "claimed", amountMicro: "310912400", txHash: CLAIM_TX },
  ],
  next: "1",
};

/** By address, as `page.route` takes them. */
export const EARNED: Readonly<Record<string, unknown>> = {
  "**/api/v1/balances": BALANCES,
  "**/api/v1/me/devices": DEVICES,
  "**/api/v1/me/earnings**": EARNINGS,
};

const BUDGETS: OutputOf<typeof listBudgets> = {
  budgets: [
    {
      budgetId: STANDING_BUDGET_ID,
      key: `0x${"e5".repeat(32)}`,
      balanceMicro: "263400000",
      epochCapMicro: "1000000000",
      withdrawAt: agoIso(FUTURE_MINUTES),
      release: null,
    },
  ],
  pendingDeposits: [{ budgetId: STANDING_BUDGET_ID, amountMicro: "50000000", txHash: DEPOSIT_TX, block: 21_040_100, confirmations: 3, needed: 12 }],
};

const movement = { jobId: null, jobName: null, txHash: null, chainId: CHAIN_ID };
const STATEMENT: OutputOf<typeof listStatement> = {
  rows: [
    { ...movement, id: "6", at: agoIso(6), kind: "reserve", amountMicro: "-60000000", jobId: TIDES, jobName: "Tides of the North Sea" },
    { ...movement, id: "5", at: agoIso(200), kind: "refund", amountMicro: "3150000", jobId: STARS, jobName: "Stars near the pole" },
    { ...movement, id: "4", at: agoIso(900), kind: "reserve", amountMicro: "-12000000", jobId: STARS, jobName: "Stars near the pole" },
    { ...movement, id: "3", at: agoIso(4000), kind: "release", amountMicro: "-20000000", txHash: CLAIM_TX },
    { ...movement, id: "2", at: agoIso(9000), kind: "deposit", amountMicro: "250000000", txHash: DEPOSIT_TX },
    { ...movement, id: "1", at: agoIso(9100), kind: "grant", amountMicro: "10000000" },
  ],
  next: "1",
};

const summary = { topic: "oceans", state: "running", reason: null, failedCount: 0, revokedCount: 0, pool: null, endedAt: null } as const;
const job: Omit<JobView, keyof JobSummary | "money"> = {
  role: "owner",
  description: "How high the water stands at each hour of the year.",
  program: { sha256: "5d".repeat(32), args: ["{from}"] },
  slicing: "range",
  format: "csv",
  reducer: "concat",
  reduction: null,
  limits: { timeMsMax: 60_000, memoryBytesMax: 67_108_864, outputBytesMax: 1_048_576 },
  verification: { assurance: "standard", quorum: 1, replicasMax: 5 },
  price: { replicaMicro: "250000", feeBps: 500, asset: "dUSD", chainId: CHAIN_ID },
  release: null,
  results: { endAt: null, areGone: false },
  progress: { replicas: 90, wrong: 0, outputBytes: 40_960, shardsPerSecond: 2, secondsLeft: 60, devices: 12 },
};
const OPEN: readonly JobView[] = [
  {
    ...job,
    ...summary,
    id: TIDES,
    name: "Tides of the North Sea",
    shardCount: 200,
    acceptedCount: 86,
    finalCount: 80,
    createdAt: agoIso(6),
    money: { reservedMicro: "60000000", spentMicro: "21500000", returnedMicro: "0" },
  },
  {
    ...job,
    ...summary,
    id: STARS,
    name: "Brightness of every star of one field near the pole, from four thousand pictures",
    shardCount: 4000,
    acceptedCount: 0,
    finalCount: 0,
    createdAt: agoIso(50),
    money: { reservedMicro: "24900000", spentMicro: "0", returnedMicro: "0" },
  },
];
const JOBS: OutputOf<typeof listJobs> = { jobs: [...OPEN], next: null };

/** By address, as `page.route` takes them. */
export const SPENT: Readonly<Record<string, unknown>> = {
  "**/api/v1/balances": BALANCES,
  "**/api/v1/budgets**": BUDGETS,
  "**/api/v1/me/statement**": STATEMENT,
  "**/api/v1/jobs?**": JOBS,
  ...Object.fromEntries(OPEN.map((each) => [`**/api/v1/jobs/${each.id}`, each])),
};
