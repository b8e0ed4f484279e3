import type { AssuranceRules } from "#lib/domain/trust/assurance.ts";
import { chooseCheckerKind, judgeCheck, mayCheck } from "#lib/domain/trust/check.ts";
import { checkRate, nextBoost, STRATA_COUNT, stratumOf } from "#lib/domain/trust/check-rate.ts";
import { type DeviceTrust, foldTrust, type TrustEvent, UNKNOWN_DEVICE } from "#lib/domain/trust/device-trust.ts";
import { type DrawPurpose, drawOf, isDrawn, type KeyedHash } from "#lib/domain/trust/draw.ts";
import { CALM, type Flood, foldFlood, isQuarantined, NEWCOMER_AGE } from "#lib/domain/trust/flood.ts";
import { type ClosingStratum, type Detection, decideCloseStep, estimateHidden, isAlarming, type WrongResult } from "#lib/domain/trust/hidden-errors.ts";
import { mayCount } from "#lib/domain/trust/revoke.ts";
import { addWait, type Figures, noFigures } from "./figures.ts";
import { createPayroll, type Payroll } from "./payroll.ts";
import { CHECKED, Pool, REVOKED, SHADOWED, TRUSTED, WRONG } from "./pool.ts";
import { mix52 } from "./random.ts";
import { type Handler, type Identity, World, type WorldSettings } from "./world.ts";

/** A check is under way for as long as the instance takes for this many other results. */
const CHECK_DELAY_RESULTS = 6000;
const SALTS: Record<DrawPurpose, number> = { check: 1, checker: 2, adjudicate: 3 };
/** A lost shard is noticed after this long. */
const LOST_NOTICED_SECONDS = 20;

/** Runs a class with checks after commit in a world: `warmWindows` are not counted, `windows` are. */
export function simulateAssured(rules: AssuranceRules, settings: WorldSettings, length: { warmWindows: number; windows: number }): Figures {
  const run = new AssuredRun(rules, settings, length);
  return run.run();
}

class AssuredRun implements Handler {
  private readonly world: World;
  private readonly trusts: DeviceTrust[] = [];
  /** Devices that were found out, with how many results there were by then. */
  private readonly found = new Map<number, number>();
  private readonly pool: Pool;
  private readonly hash: KeyedHash;
  private readonly boosts = new Array<number>(STRATA_COUNT).fill(1);
  private boostAll = 1;
  private readonly sweptRates = new Array<number>(STRATA_COUNT).fill(0);
  private readonly due: number[] = [];
  private dueFrom = 0;
  private flood: Flood = CALM;
  private closed = 0;
  private figures = noFigures();
  private payroll: Payroll = createPayroll();
  private readonly since: Float64Array;
  private readonly lost: { since: number; knownAt: number }[] = [];
  private readonly rules: AssuranceRules;
  private readonly settings: WorldSettings;
  private readonly length: { warmWindows: number; windows: number };

  constructor(rules: AssuranceRules, settings: WorldSettings, length: { warmWindows: number; windows: number }) {
    this.rules = rules;
    this.settings = settings;
    this.length = length;
    this.world = new World(settings);
    this.pool = new Pool(settings.windowResults * 2 + 1);
    this.since = new Float64Array(settings.slots);
    this.hash = (purpose, shard) => mix52(settings.seed, shard.shardNo, SALTS[purpose]);
  }

  run(): Figures {
    const last = this.length.warmWindows + this.length.windows;
    this.world.run(this, () => this.closed >= last);
    return this.payroll.into(this.figures);
  }

  isUsable(identity: Identity): boolean {
    return mayCount(this.trustOf(identity.no).stage);
  }

  start(slot: number, _identity: Identity, now: number): void {
    const waiting = this.lost[0];
    if (waiting && waiting.knownAt <= now) {
      this.lost.shift();
      this.since[slot] = waiting.since;
    } else this.since[slot] = now;
  }

  lose(slot: number, _identity: Identity, now: number, doneShare: number): void {
    this.figures.executions += doneShare;
    this.lost.push({ since: this.since[slot] ?? now, knownAt: now + LOST_NOTICED_SECONDS });
  }

  finish(slot: number, identity: Identity, now: number): void {
    const isWrong = this.world.answersWrong(identity, { isFound: this.trustOf(identity.no).stage === "watched" });
    this.figures.executions += 1;
    if (!this.isUsable(identity)) return;
    if (isQuarantined(this.trustOf(identity.no), this.rules, this.flood)) {
      this.shadow(identity, isWrong);
      return;
    }
    addWait(this.figures, now - (this.since[slot] ?? now));
    this.commit(identity.no, isWrong);
    const dueNo = this.due[this.dueFrom];
    if (dueNo !== undefined && dueNo + CHECK_DELAY_RESULTS <= this.pool.count) {
      this.dueFrom += 1;
      this.check(dueNo);
    }
    if (this.pool.count - this.pool.closedBefore >= 2 * this.settings.windowResults) this.closeWindow();
  }

  private commit(owner: number, isWrong: boolean): void {
    const trust = this.trustOf(owner);
    const stratum = stratumOf(trust.age, "none");
    const rate = checkRate(this.rules, trust, { boost: Math.max(this.boosts[stratum] ?? 1, this.boostAll), suspicion: "none" });
    const draw = this.drawFor("check", this.pool.count);
    const no = this.pool.add(owner, { stratum, rate, draw, flags: isWrong ? WRONG : 0 });
    this.fold(owner, { kind: "accepted" });
    if (trust.stage === "watched") this.watch(owner, no);
    else if (isDrawn(draw, rate)) this.due.push(no);
  }

  /** A watched device's result: a trusted device verifies it before it counts. */
  private watch(owner: number, no: number): void {
    this.verify(no);
    this.fold(owner, { kind: "watched" });
    if (this.trustOf(owner).watchLeft === 0) this.fold(owner, { kind: "watch_ended" });
  }

  private check(no: number): void {
    if (this.pool.has(no, CHECKED | REVOKED)) return;
    this.pool.set(no, CHECKED);
    const checker = chooseCheckerKind(this.drawFor("checker", no)) === "established" ? this.findChecker(no) : null;
    const isWrong = this.pool.has(no, WRONG);
    const isEqual = checker ? this.agrees(checker, isWrong) : !isWrong;
    this.figures.executions += 1;
    if (!checker) this.trustedExecution(no);
    this.noteFlood(no, !isEqual && isWrong);
    this.conclude(no, checker?.no ?? null, judgeCheck({ by: checker ? "established" : "trusted", isEqual, draw: 0 }));
  }

  private conclude(no: number, checker: number | null, verdict: ReturnType<typeof judgeCheck>): void {
    const owner = this.pool.owner[this.pool.at(no)] ?? 0;
    if (verdict === "both_agreed") {
      this.fold(owner, { kind: "agreed" });
      if (checker !== null) this.fold(checker, { kind: "agreed" });
    } else if (verdict === "newcomer_doubted" && checker !== null) this.fold(checker, { kind: "doubted" });
    else if (verdict === "primary_refuted") this.catch(owner);
    else {
      this.verify(no);
      if (this.pool.has(no, WRONG)) this.catch(owner);
      else if (checker !== null) this.catch(checker);
    }
  }

  /** A newcomer in quarantine repeats somebody's recent result. */
  private shadow(identity: Identity, isWrong: boolean): void {
    const span = Math.min(this.pool.count - this.pool.closedBefore, CHECK_DELAY_RESULTS);
    if (span === 0) return;
    const no = this.pool.count - 1 - this.world.random.below(span);
    const owner = this.pool.owner[this.pool.at(no)] ?? 0;
    if (owner === identity.no || this.pool.has(no, SHADOWED | REVOKED)) return;
    this.pool.set(no, SHADOWED);
    const isEqual = identity.kind === "attacker" && this.isAttackers(no) ? true : isWrong === this.pool.has(no, WRONG) && !isWrong;
    const verdict = judgeCheck({ by: "newcomer", isEqual, draw: this.drawFor("adjudicate", no) });
    if (verdict !== "both_agreed") this.flood = foldFlood(this.flood, true);
    else this.flood = foldFlood(this.flood, false);
    this.conclude(no, identity.no, verdict);
  }

  /** A result was proven wrong: everything the device has on hold is verified, and what is wrong is revoked. */
  private catch(owner: number): void {
    if (this.world.identities[owner]?.kind === "honest") this.figures.falseBurns += 1;
    if (!this.found.has(owner)) {
      this.found.set(owner, this.pool.count);
      this.payroll.forfeit(owner);
    }
    this.fold(owner, { kind: "refuted", isCoordinated: false });
    for (const no of this.pool.heldBy(owner)) this.verify(no);
  }

  private verify(no: number): void {
    if (this.pool.has(no, TRUSTED | REVOKED)) return;
    this.figures.executions += 1;
    this.trustedExecution(no);
    if (this.pool.has(no, WRONG)) this.pool.set(no, REVOKED);
  }

  private trustedExecution(no: number): void {
    this.figures.trustedExecutions += 1;
    this.pool.set(no, TRUSTED);
    if (this.pool.has(no, WRONG)) this.pool.set(no, REVOKED);
  }

  private closeWindow(): void {
    const from = this.pool.closedBefore;
    const to = from + this.settings.windowResults;
    for (; this.dueFrom < this.due.length && (this.due[this.dueFrom] ?? 0) < to; this.dueFrom++) this.check(this.due[this.dueFrom] ?? 0);
    this.due.splice(0, this.dueFrom);
    this.dueFrom = 0;
    this.sweep(this.sortByStratum(from, to), to);
    this.finalise(from, to);
  }

  /** Re-checks strata of a closing window until few enough wrong results are hidden. */
  private sweep(byStratum: readonly number[][], to: number): void {
    const swept = new Set<number>();
    this.sweptRates.fill(0);
    const unswept = byStratum.map((list) => ({ results: list.length, sweptRate: 0 }));
    const initial = estimateHidden(this.listDetections(to), unswept);
    for (;;) {
      const strata: ClosingStratum[] = byStratum.map((list, i) => ({ results: list.length, sweptRate: this.sweptRates[i] ?? 0 }));
      const step = decideCloseStep(strata, this.listDetections(to), this.rules);
      if (step.kind === "close") break;
      swept.add(step.stratum);
      this.sweptRates[step.stratum] = step.rate;
      for (const no of byStratum[step.stratum] ?? []) if (isDrawn(this.pool.draw[this.pool.at(no)] ?? 0, step.rate)) this.check(no);
    }
    for (let i = 0; i < STRATA_COUNT; i++) this.boosts[i] = nextBoost(this.boosts[i] ?? 1, swept.has(i), this.rules.boostMax);
    this.boostAll = nextBoost(this.boostAll, isAlarming(initial, unswept, this.rules), this.rules.boostAllMax);
  }

  private listDetections(to: number): Detection[] {
    return [...this.found].map(([owner, foundAt]) => {
      const detection: WrongResult[] = [];
      for (const no of this.pool.heldBy(owner)) {
        const at = this.pool.at(no);
        if (!this.pool.has(no, WRONG)) continue;
        detection.push({ stratum: this.pool.stratum[at] ?? 0, rate: this.pool.rate[at] ?? 0, isInWindow: no < to, isLater: no >= foundAt });
      }
      return detection;
    });
  }

  private finalise(from: number, to: number): void {
    const isCounted = this.closed >= this.length.warmWindows;
    for (let no = from; no < to; no++) {
      const owner = this.pool.owner[this.pool.at(no)] ?? 0;
      const isWrong = this.pool.has(no, WRONG);
      const isFinal = !this.pool.has(no, REVOKED);
      if (isFinal) this.figures.accepted += 1;
      if (isFinal && isWrong) this.figures.wrong += 1;
      const kind = this.world.identities[owner]?.kind ?? "honest";
      this.payroll.vest({ owner, kind, isWrong, isPaid: isFinal && !this.found.has(owner), agreed: this.trustOf(owner).agreed });
    }
    for (const owner of this.found.keys()) if (!this.hasHeldAfter(owner, to)) this.found.delete(owner);
    this.pool.closedBefore = to;
    this.closed += 1;
    if (isCounted || this.closed < this.length.warmWindows) return;
    this.figures = noFigures();
    this.payroll = createPayroll();
  }

  private hasHeldAfter(owner: number, from: number): boolean {
    for (const no of this.pool.heldBy(owner)) if (no >= from) return true;
    return false;
  }

  private sortByStratum(from: number, to: number): number[][] {
    const lists: number[][] = Array.from({ length: STRATA_COUNT }, () => []);
    for (let no = from; no < to; no++) if (!this.pool.has(no, REVOKED)) lists[this.pool.stratum[this.pool.at(no)] ?? 0]?.push(no);
    return lists;
  }

  private findChecker(no: number): Identity | null {
    const owner = this.pool.owner[this.pool.at(no)] ?? 0;
    const primary = { trust: this.trustOf(owner), clusterId: String(owner) };
    for (let tries = 0; tries < 8; tries++) {
      const candidate = this.world.pickOnline();
      if (mayCheck({ trust: this.trustOf(candidate.no), clusterId: String(candidate.no) }, primary)) return candidate;
    }
    return null;
  }

  /** What a checker reports: attackers vouch for each other and compute for others, a faulty device errs in its own way. */
  private agrees(checker: Identity, primaryIsWrong: boolean): boolean {
    if (checker.kind === "attacker") return true;
    return !primaryIsWrong && !(checker.kind === "faulty" && this.world.answersWrong(checker));
  }

  private isAttackers(no: number): boolean {
    return this.world.identities[this.pool.owner[this.pool.at(no)] ?? 0]?.kind === "attacker";
  }

  private noteFlood(no: number, wasWrong: boolean): void {
    if ((this.pool.stratum[this.pool.at(no)] ?? 0) <= stratumOf(NEWCOMER_AGE, "none")) this.flood = foldFlood(this.flood, wasWrong);
  }

  private fold(owner: number, event: TrustEvent): void {
    this.trusts[owner] = foldTrust(this.trustOf(owner), event);
  }

  private trustOf(owner: number): DeviceTrust {
    return this.trusts[owner] ?? UNKNOWN_DEVICE;
  }

  private drawFor(purpose: DrawPurpose, no: number): number {
    return drawOf(this.hash, purpose, { jobId: "job", shardNo: no, round: 0 });
  }
}
