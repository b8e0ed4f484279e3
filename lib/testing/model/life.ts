import { replicaCost } from "#lib/domain/ledger/money.ts";
import type { Outcome } from "#lib/domain/replica/outcome.ts";

/** What a device may say about a shard: the right output, a wrong one of its own, or that its machine gave up. */
export type Answer = "right" | "wrong" | "timeout";

export type LifeConfig = {
  shardCount: number;
  quorum: number;
  replicasMax: number;
  /** What each device may answer; a device that may answer several ways is explored in all of them. */
  devices: readonly (readonly Answer[])[];
  /** The last device is trusted and checks accepted results, which stay revocable until their window closes. */
  hasHold: boolean;
  mayCancel: boolean;
  /** How often leases may run out or grants be handed back in one life. */
  lossesMax: number;
};

export type Grant = { by: number; from: number; to: number; round: number; state: "open" | "expired" | "handed back" | "stopped"; isCheck: boolean };
export type Want = { no: number; round: number; why: string; isCheck: boolean; isTaken: boolean };
export type Result = {
  by: number;
  no: number;
  round: number;
  outcome: Outcome;
  digest: string;
  agreed: "yes" | "no" | null;
  settled: number;
  isForfeited: boolean;
};
export type Shard = { no: number; round: number; verdict: "accepted" | "failed" | "open"; digest: string; isFinal: boolean };
export type Tally = { nos: number[]; unseen: Result[]; results: Result[]; shards: Shard[] };
export type Life = {
  state: "running" | "computed" | "final" | "cancelled";
  heads: number[];
  grants: Grant[];
  wants: Want[];
  results: Result[];
  /** Numbers that were reported and not tallied, per reporter; a crash leaves them, and the sweeper takes them up. */
  untallied: { by: number; nos: number[]; unseen: Result[] }[];
  /** Tallies that have read and not written. */
  reading: Tally[];
  shards: Shard[];
  escrow: number;
  committed: number;
  paid: number[];
  forfeited: number;
  refunded: number;
  losses: number;
  revocations: number;
  /** Final verdicts as they were when they became final. */
  finals: Record<string, string>;
};

export const PRICE_MICRO = 10n;
export const FEE_BPS = 0;
/** What one paid replica costs the owner. */
export const COST = Number(replicaCost(PRICE_MICRO, FEE_BPS));

/** A copy that can be changed; quicker than `structuredClone`, which made most of an exploration's time. */
export function copyOf(life: Life): Life {
  const copies = <T extends object>(items: readonly T[]): T[] => items.map((item) => ({ ...item }));
  const { grants, wants, results, shards, heads, untallied, reading, paid, finals } = life;
  return {
    ...life,
    heads: [...heads],
    grants: copies(grants),
    wants: copies(wants),
    results: copies(results),
    shards: copies(shards),
    untallied: copies(untallied),
    reading: [...reading],
    paid: [...paid],
    finals: { ...finals },
  };
}

/** The order in which rows came to be means nothing. */
export function keyOf(life: Life): string {
  const { grants, wants, results, shards, untallied, reading, ...rest } = life;
  const sorted = [grants, wants, results, shards, untallied, reading].map((items) =>
    items
      .map((item) => JSON.stringify(item))
      .sort()
      .join(),
  );
  return `${JSON.stringify(rest)} ${sorted.join(" ")}`;
}

/** Whether a grant may still be reported. */
export function isHeld(grant: Grant): boolean {
  return grant.state === "open" || grant.state === "expired";
}

/** A verdict as it must stay once it is final. */
export const finalOf = ({ round, verdict, digest }: Shard): string => `${round} ${verdict} ${digest}`;
