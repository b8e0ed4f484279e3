import type { z } from "zod";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { listAssurances } from "#lib/protocol/jobs/trust.ts";
import type { NetworkHistory, NetworkShoal, NetworkView } from "#lib/protocol/network/network.ts";
import type { listNotices } from "#lib/protocol/notices/notices.ts";
import type { EpochView } from "#lib/protocol/payouts/payouts.ts";

/*
 * What a busy instance answers, fixed, for pictures of pages that show live figures: on a real one they would differ with every run. That the real figures
 * are right is what `e2e/network.spec.ts` looks at. The types are those of the protocol, so that an answer that it does not know does not compile.
 */

/** The moment at which these answers were given; the browser's clock stands there while they are looked at. */
export const ANSWERED_AT = "2026-03-14T09:30:00.000Z";
const MINUTE_MS = 60_000;
const SPANS = 60;
/** So many minutes before the answers were given. */
export const agoIso = (minutes: number): string => new Date(Date.parse(ANSWERED_AT) - minutes * MINUTE_MS).toISOString();

const PROTEINS = `job_${"1".repeat(32)}` as const;
const TIDES = `job_${"2".repeat(32)}` as const;

/** An instance that was never used, before its first count. */
export const EMPTY_NETWORK: NetworkView = { devices: { computing: 0, seen: 0 }, verified: null, energy: null, jobCount: 0, jobs: [] };

export const BUSY_NETWORK: NetworkView = {
  devices: { computing: 128, seen: 214 },
  verified: {
    countedAt: agoIso(1),
    shardsPerMinute: 942.5,
    lastHour: 55_120,
    total: 8_412_007,
    replicasPerShard: 1.09,
    disagreedShare: 0.0031,
  },
  energy: { since: agoIso(24 * 60), coreHours: 2210.4, wattHours: { from: 8841, to: 33_156 }, wattsPerCore: { from: 4, to: 15 } },
  jobCount: 2,
  jobs: [
    {
      id: PROTEINS,
      name: "Relatives of a heat-loving enzyme",
      topic: "biology",
      description: "Compares one enzyme with every protein of a public collection, to find those that fold alike.",
      owner: "0x19e7…f6e1",
      shardCount: 12_000,
      acceptedCount: 7310,
      failedCount: 4,
      devices: 121,
      isOffered: true,
      wait: null,
      hasPicture: false,
      isDonation: false,
    },
    {
      id: TIDES,
      name: "Tides of the coast",
      topic: "oceans",
      description: "How high the water stands at each hour of the year.",
      owner: "0x70c1…52d4",
      shardCount: 240,
      acceptedCount: 0,
      failedCount: 0,
      devices: 0,
      isOffered: true,
      wait: "no_device",
      hasPicture: false,
      isDonation: false,
    },
  ],
};

const offer = { unavailable: null, executions: 1.1, replicasMax: 5, quorum: 2, holdMsMax: 3_600_000 };
export const ASSURANCES: z.output<(typeof listAssurances)["output"]> = {
  default: "standard",
  windowResults: 1000,
  classes: [
    { ...offer, assurance: "instant", errorBound: 0.01 },
    { ...offer, assurance: "economy", errorBound: 1e-3 },
    { ...offer, assurance: "standard", errorBound: 1e-5 },
    { ...offer, assurance: "high", errorBound: 1e-6 },
  ],
};

export const LAST_EPOCH: EpochView = {
  no: 41,
  state: "finalized",
  cutAt: agoIso(180),
  netMicro: "812400000",
  feeMicro: "40620000",
  totalMicro: "91240100000",
  leafCount: 318,
  root: `0x${"5e".repeat(32)}`,
  fileSha256: "ab".repeat(32) as EpochView["fileSha256"],
  chainNo: 41,
  proposedAt: agoIso(170),
  proposedTx: `0x${"a1".repeat(32)}`,
  finalizableAt: agoIso(110),
  endedAt: agoIso(100),
  endedTx: `0x${"b2".repeat(32)}`,
};

/** An hour that rises, falls, and has five minutes of which nothing is known. */
export const BUSY_HISTORY: NetworkHistory = {
  range: "hour",
  spans: Array.from({ length: SPANS }, (_, i) => ({
    from: agoIso(SPANS - i),
    to: agoIso(SPANS - i - 1),
    shardsPerMinute: i >= 20 && i < 25 ? null : Math.round(900 + 250 * Math.sin(i / 9)),
    devices: 110 + (i % 20),
  })),
};

export const BUSY_SHOAL: NetworkShoal = {
  schools: [
    {
      jobId: PROTEINS,
      name: "Relatives of a heat-loving enzyme",
      shardCount: 12_000,
      fromNo: 7200,
      runs: [
        { state: "accepted", fromNo: 7200, toNo: 7310 },
        { state: "reported", fromNo: 7310, toNo: 7338, swimmer: "3fa1" },
        { state: "granted", fromNo: 7338, toNo: 7352, swimmer: "b07c" },
        { state: "granted", fromNo: 7352, toNo: 7366, swimmer: "91de" },
        { state: "waiting", fromNo: 7366, toNo: 7440 },
      ],
    },
  ],
};

/** A feed with something unread of every tone, and something read. */
export const TOLD: OutputOf<typeof listNotices> = {
  notices: [
    { no: 5, kind: "done", job: { id: PROTEINS, name: "Tides of the North Sea" }, isOwn: true, reason: null, params: {}, at: agoIso(3), readAt: null },
    {
      no: 4,
      kind: "corrected",
      job: { id: PROTEINS, name: "Failures of a power grid" },
      isOwn: false,
      reason: null,
      params: { shards: 12 },
      at: agoIso(50),
      readAt: null,
    },
    {
      no: 3,
      kind: "budget_low",
      job: { id: PROTEINS, name: "Relatives of a heat-loving enzyme" },
      isOwn: true,
      reason: null,
      params: { leftMicro: "1200000", budgetMicro: "20000000" },
      at: agoIso(300),
      readAt: agoIso(200),
    },
    {
      no: 2,
      kind: "stopped",
      job: { id: PROTEINS, name: "Spread of an outbreak" },
      isOwn: true,
      reason: { code: "job_all_failed", params: { shards: 8, outcome: "trap" }, message: "All of the first 8 shards ended alike." },
      params: {},
      at: agoIso(2000),
      readAt: agoIso(1900),
    },
  ],
  next: null,
};
