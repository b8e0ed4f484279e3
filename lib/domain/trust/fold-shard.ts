import type { Lane, WantedKind } from "../dispatch/lanes.ts";
import type { AssuranceRules } from "./assurance.ts";
import { type CheckReport, chooseCheckerKind, isEstablished, judgeCheck } from "./check.ts";
import { checkRate, stratumOf, suspicionOf } from "./check-rate.ts";
import { type DeviceTrust, foldTrust, type TrustEvent, UNKNOWN_DEVICE } from "./device-trust.ts";
import { isDrawn } from "./draw.ts";
import { NEWCOMER_AGE } from "./flood.ts";

/**
 * A judged result of a shard's present round, in order of arrival. `isFresh`: not folded before. `clusterId` is what its device counted as for this job; inside a pool
 * that is the device itself, and `outsideId` the cluster that it is everywhere else.
 */
export type JudgedResult = { deviceId: string; clusterId: string; outsideId?: string; isTrusted: boolean; agreed: "yes" | "no"; isFresh: boolean };

/** The cluster of a device for what is known of it: members of a pool who come from one place settle their own shards, and make nobody established. */
function outsideOf({ outsideId, clusterId }: Pick<JudgedResult, "clusterId" | "outsideId">): string {
  return outsideId ?? clusterId;
}

/** A result on hold: who gave it, under which rate and lot, and what has confirmed it. */
export type Hold = {
  deviceId: string;
  clusterId: string;
  stratum: number;
  rate: number;
  lot: number;
  check: "none" | "drawn" | "done";
  confirmedBy: string | null;
  witnesses: number;
};

/** The lots of a shard's round; each for its own purpose. */
export type Lots = { check: number; checker: number; adjudicate: number };

/** What is known beside the shard. `trusts` is read and moved on. */
export type TrustBook = {
  rules: AssuranceRules;
  trusts: Map<string, DeviceTrust>;
  taintedAtOf(clusterId: string): number | null;
  boostOf(stratum: number): number;
  /** Whether newcomers in quarantine need shards to show themselves by. */
  needsShadows: boolean;
  now: number;
};

/**
 * A device that was found wrong; `wasResult` when its own result was, and not only what it said about another's. `isAsked` when a trusted device looked because
 * the job's owner doubted the shard: then that shard is taken back and nothing else follows.
 */
export type FoundOut = { deviceId: string; clusterId: string; by: string; wasResult: boolean; isAsked: boolean };

export type FoldedShard = {
  hold: Hold;
  wants: { kind: WantedKind; lane: Lane; ordinal: string }[];
  found: FoundOut[];
  /** For each newcomer that repeated or was repeated, whether it was wrong: what the flood's average is made of. */
  newcomers: boolean[];
};

/**
 * Folds what was judged about a held shard into what is known of its devices: the first agreeing result is put on hold and drawn for a check or not, every
 * later one confirms it, doubts it or refutes it. Null while there is no agreeing result. Costs as much as the shard has results.
 *
 * Devices are known by what chance looked at. Where the shard's owner had it looked at (`isAsked`) and no lot did, the trusted device's answer settles the shard
 * and moves nobody's trust, so that owners can neither raise nor ruin devices by what they choose.
 */
export function foldHeldShard(
  shard: { hold: Hold | null; results: readonly JudgedResult[]; lots: Lots; isAsked?: boolean },
  book: TrustBook,
): FoldedShard | null {
  const primary = shard.results.find((result) => result.agreed === "yes");
  const folded: FoldedShard = { hold: shard.hold ?? NO_HOLD, wants: [], found: [], newcomers: [] };
  if (!shard.hold) {
    if (!primary) return null;
    openHold(folded, primary, { lots: shard.lots, book });
  }
  const owners = new Set(
    shard.results
      .filter((result) => result.agreed === "yes")
      .slice(0, book.rules.witnessesMin)
      .map((result) => result.deviceId),
  );
  for (const result of shard.results) {
    if (!result.isFresh || result.deviceId === folded.hold.deviceId || trustOf(book, result.deviceId).stage === "burned") continue;
    const isAsked = shard.isAsked === true && folded.hold.check === "none";
    if (result.agreed === "yes") {
      const isKnownElsewhere = primary !== undefined && outsideOf(result) !== outsideOf(primary);
      confirm(folded, result, { book, isOwner: owners.has(result.deviceId), isAsked, isKnownElsewhere });
    }
    if (result.agreed === "no") contradict(folded, result, { book, lots: shard.lots, results: shard.results, isAsked });
  }
  refuteCheckers(folded, shard.results, book);
  return folded;
}

const NO_HOLD: Hold = { deviceId: "", clusterId: "", stratum: 0, rate: 0, lot: 0, check: "none", confirmedBy: null, witnesses: 0 };

type Trusts = Pick<TrustBook, "trusts">;

function trustOf(book: Trusts, deviceId: string): DeviceTrust {
  return book.trusts.get(deviceId) ?? UNKNOWN_DEVICE;
}

function fold(book: Trusts, deviceId: string, event: TrustEvent): void {
  book.trusts.set(deviceId, foldTrust(trustOf(book, deviceId), event));
}

function openHold(folded: FoldedShard, primary: JudgedResult, by: { lots: Lots; book: TrustBook }): void {
  const { lots, book } = by;
  const { deviceId, clusterId } = primary;
  const trust = trustOf(book, deviceId);
  const suspicion = suspicionOf(trust, { taintedAt: book.taintedAtOf(clusterId) }, book.now);
  const stratum = stratumOf(trust.age, suspicion);
  const rate = checkRate(book.rules, trust, { boost: book.boostOf(stratum), suspicion });
  folded.hold = { deviceId, clusterId, stratum, rate, lot: lots.check, check: "none", confirmedBy: null, witnesses: 0 };
  if (primary.isTrusted) {
    folded.hold.confirmedBy = deviceId;
    folded.hold.check = "done";
    return;
  }
  fold(book, deviceId, { kind: "accepted" });
  if (trust.stage === "watched") {
    fold(book, deviceId, { kind: "watched" });
    if (trustOf(book, deviceId).watchLeft === 0) fold(book, deviceId, { kind: "watch_ended" });
  }
  if (isDrawn(lots.check, rate)) {
    folded.hold.check = "drawn";
    const isPlain = trust.stage === "active";
    const lane = isPlain && chooseCheckerKind(lots.checker) === "established" ? "established" : "trusted";
    folded.wants.push({ kind: isPlain ? "check" : "verify", lane, ordinal: "lot" });
  } else if (book.needsShadows) folded.wants.push({ kind: "shadow", lane: "quarantined", ordinal: "shadow" });
}

type Confirmation = {
  book: TrustBook;
  isOwner: boolean;
  isAsked: boolean /** Whether it counts for what is known of the devices, and not for this shard alone. */;
  isKnownElsewhere: boolean;
};

/** An equal answer. Those of the class's own replicas make the verdict and are no check of it. */
function confirm(folded: FoldedShard, result: JudgedResult, by: Confirmation): void {
  const { hold } = folded;
  const { book, isOwner, isAsked, isKnownElsewhere } = by;
  if (result.isTrusted) {
    hold.confirmedBy = result.deviceId;
    hold.check = "done";
    if (!isAsked) fold(book, hold.deviceId, { kind: "agreed" });
    return;
  }
  if (result.clusterId === hold.clusterId) return;
  const wasEstablished = isEstablished(trustOf(book, result.deviceId));
  noteNewcomer(folded, result.deviceId, { book, wasWrong: false });
  hold.witnesses += 1;
  if (isOwner) fold(book, result.deviceId, { kind: "accepted" });
  if (isKnownElsewhere) for (const deviceId of [result.deviceId, hold.deviceId]) fold(book, deviceId, { kind: "agreed" });
  if (hold.check === "drawn" && wasEstablished && !isOwner) hold.check = "done";
}

function contradict(folded: FoldedShard, result: JudgedResult, by: { book: TrustBook; lots: Lots; results: readonly JudgedResult[]; isAsked: boolean }): void {
  const { book, lots, results, isAsked } = by;
  const report: CheckReport = { by: kindOf(result, book), isEqual: false, draw: lots.adjudicate };
  const verdict = judgeCheck(report);
  if (verdict === "primary_refuted") {
    refuteAgreeing(folded, result.deviceId, { book, results, isAsked });
    return;
  }
  noteNewcomer(folded, result.deviceId, { book, wasWrong: true });
  // A trusted device has spoken: nobody has to settle anything, and whoever differs is found out below.
  if (folded.hold.confirmedBy !== null) return;
  if (verdict === "newcomer_doubted") fold(book, result.deviceId, { kind: "doubted" });
  else {
    folded.wants.push({ kind: "verify", lane: "trusted", ordinal: "adjudicate" });
    folded.hold.check = "drawn";
  }
}

function kindOf(result: JudgedResult, book: TrustBook): CheckReport["by"] {
  if (result.isTrusted) return "trusted";
  return isEstablished(trustOf(book, result.deviceId)) ? "established" : "newcomer";
}

/** A trusted device computed something else: everybody who gave the answer was wrong, and if these are several, chance did not make them. */
function refuteAgreeing(folded: FoldedShard, by: string, from: { book: TrustBook; results: readonly JudgedResult[]; isAsked: boolean }): void {
  const { hold } = folded;
  const { isAsked } = from;
  const wrong = new Map([[hold.deviceId, hold.clusterId]]);
  for (const result of from.results) if (result.agreed === "yes" && !result.isTrusted) wrong.set(result.deviceId, outsideOf(result));
  hold.check = "done";
  for (const [deviceId, clusterId] of wrong) {
    folded.found.push({ deviceId, clusterId, by, wasResult: true, isAsked });
    if (isAsked) continue;
    noteNewcomer(folded, deviceId, { book: from.book, wasWrong: true });
    fold(from.book, deviceId, { kind: "refuted", isCoordinated: wrong.size > 1 });
  }
}

/** Where a trusted device computed the accepted answer, those who said something else about it were wrong; once, when the later of the two comes. */
function refuteCheckers(folded: FoldedShard, results: readonly JudgedResult[], book: TrustBook): void {
  const judge = results.find((result) => result.isTrusted && result.agreed === "yes");
  if (!judge) return;
  for (const result of results) {
    if (result.agreed === "yes" || result.isTrusted || !(result.isFresh || judge.isFresh) || trustOf(book, result.deviceId).stage === "burned") continue;
    fold(book, result.deviceId, { kind: "refuted", isCoordinated: false });
    folded.found.push({ deviceId: result.deviceId, clusterId: outsideOf(result), by: judge.deviceId, wasResult: false, isAsked: false });
  }
}

function noteNewcomer(folded: FoldedShard, deviceId: string, by: { book: TrustBook; wasWrong: boolean }): void {
  if (trustOf(by.book, deviceId).age <= NEWCOMER_AGE) folded.newcomers.push(by.wasWrong);
}

/**
 * Folds the results of a shard that was final at once. With a quorum of several, whoever agrees with somebody of another cluster was confirmed by somebody independent. One that
 * disagrees is doubted while it is new; an established one keeps what it has, because no trusted device has spoken.
 */
export function foldFinalShard(results: readonly JudgedResult[], book: Trusts, quorum: number): void {
  const agreeing = new Set(results.filter((result) => result.agreed === "yes").map(outsideOf));
  for (const { deviceId, agreed, isFresh, isTrusted } of results) {
    if (!isFresh || isTrusted) continue;
    if (agreed === "yes") {
      fold(book, deviceId, { kind: "accepted" });
      if (quorum > 1 && agreeing.size > 1) fold(book, deviceId, { kind: "agreed" });
    } else if (!isEstablished(trustOf(book, deviceId))) fold(book, deviceId, { kind: "doubted" });
  }
}
