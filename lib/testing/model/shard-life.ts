import { planTake } from "#lib/domain/dispatch/plan-take.ts";
import { type Range, without } from "#lib/domain/dispatch/ranges.ts";
import { decideHealth } from "#lib/domain/job/decide-health.ts";
import { worstCost } from "#lib/domain/ledger/money.ts";
import { isVotingOutcome } from "#lib/domain/replica/outcome.ts";
import { decideVerdict } from "#lib/domain/verdict/decide-verdict.ts";
import type { Model, Step } from "./explore.ts";
import {
  type Answer,
  COST,
  copyOf,
  FEE_BPS,
  finalOf,
  type Grant,
  isHeld,
  keyOf,
  type Life,
  type LifeConfig,
  PRICE_MICRO,
  type Result,
  type Shard,
  type Tally,
  type Want,
} from "./life.ts";
import { problemOf } from "./life-problems.ts";

/** The decisions of the domain and the two rules of the exchange that the model is about; a test plants wrong ones. */
export const LIFE_RULES = {
  decideVerdict,
  planTake,
  decideHealth,
  /** Results are committed before a tally reads them, so that the later of two tallies sees both. */
  commitsBeforeTally: true,
  /** A result is settled only while nobody judged it. */
  settlesOnce: true,
  /** A window closes only when the checks of its results have been answered. */
  waitsForChecks: true,
  /** Only a verdict whose window is open can be taken back. */
  mayRevoke: (shard: { isFinal: boolean }) => !shard.isFinal,
};
export type LifeRules = typeof LIFE_RULES;

const REVOCATIONS_MAX = 1;

/** The life of a small job, from its first grant to its last verdict, as a model: each step is what one transaction of the server does. */
export function shardLife(config: LifeConfig, rules: LifeRules = LIFE_RULES): Model<Life> {
  const deposit = Number(worstCost({ shardCount: config.shardCount, replicasMax: config.replicasMax, priceMicro: PRICE_MICRO, feeBps: FEE_BPS }));
  const first: Life = {
    state: "running",
    heads: new Array<number>(config.quorum).fill(0),
    grants: [],
    wants: [],
    results: [],
    untallied: [],
    reading: [],
    shards: [],
    escrow: deposit,
    committed: 0,
    paid: config.devices.map(() => 0),
    forfeited: 0,
    refunded: 0,
    losses: 0,
    revocations: 0,
    finals: {},
  };
  const act = new LifeSteps(config, rules, deposit);
  return { first, keyOf, stepsOf: (life) => act.stepsOf(life), problemOf: (life) => problemOf(life, config, deposit) };
}

/** All that can happen next. */
class LifeSteps {
  readonly #config: LifeConfig;
  readonly #rules: LifeRules;
  readonly #deposit: number;

  constructor(config: LifeConfig, rules: LifeRules, deposit: number) {
    this.#config = config;
    this.#rules = rules;
    this.#deposit = deposit;
  }

  stepsOf(life: Life): Step<Life>[] {
    if (life.state === "cancelled") return this.#late(life);
    const devices = this.#config.devices.map((_, by) => by);
    return [
      ...devices.flatMap((by) => this.take(life, by)),
      ...this.#late(life),
      ...life.grants.flatMap((grant, i) => this.#lose(life, grant, i)),
      ...life.shards.flatMap((shard, i) => this.#hold(life, shard, i)),
      ...this.#end(life),
    ];
  }

  /** What goes on whatever became of the job: reports, tallies. */
  #late(life: Life): Step<Life>[] {
    return [
      ...life.grants.flatMap((grant, i) => this.report(life, grant, i)),
      ...life.untallied.map((_, i) => this.#read(life, i)),
      ...life.reading.map((_, i) => this.#write(life, i)),
    ];
  }

  /** A device asks: an open want before the passes, as the exchange does. */
  take(life: Life, by: number): Step<Life>[] {
    const isTrusted = this.#config.hasHold && by === this.#config.devices.length - 1;
    const mine = (no: number, round: number) =>
      reportedBy(life, by).some((result) => result.no === no && result.round === round) ||
      life.grants.some((grant) => grant.by === by && isHeld(grant) && grant.from <= no && grant.to > no && (grant.round === round || grant.state === "open"));
    if (life.committed + COST > this.#deposit) return [];
    const want = life.wants.findIndex((w) => !w.isTaken && w.isCheck <= isTrusted && this.#isWanted(life, w) && !mine(w.no, w.round));
    if (want >= 0) {
      const next = copyOf(life);
      const { no, round, isCheck } = next.wants[want] as Want;
      (next.wants[want] as Want).isTaken = true;
      next.grants.push({ by, from: no, to: no + 1, round, state: "open", isCheck });
      next.committed += COST;
      return [{ name: `${by} takes the want for ${no} (${isCheck ? "check" : "again"})`, next }];
    }
    if (life.state !== "running" || isTrusted) return [];
    const conflicts: Range[] = [
      ...life.grants.filter((grant) => grant.by === by && grant.state === "open").map(({ from, to }) => ({ fromNo: from, toNo: to })),
      ...reportedBy(life, by).map(({ no }) => ({ fromNo: no, toNo: no + 1 })),
    ];
    const plan = this.#rules.planTake({ heads: life.heads, shardCount: this.#config.shardCount, conflicts, shardsMax: 1, mayTakeFirst: true });
    if (plan.takes.length === 0) return [];
    const next = copyOf(life);
    next.heads = plan.heads;
    for (const { fromNo, toNo } of plan.takes) {
      next.grants.push({ by, from: fromNo, to: toNo, round: 0, state: "open", isCheck: false });
      next.committed += COST * (toNo - fromNo);
    }
    for (const { fromNo, toNo } of plan.skipped)
      for (let no = fromNo; no < toNo; no++) this.#want(next, { no, round: 0, why: `skipped by ${by}`, isCheck: false, isTaken: false });
    return [{ name: `${by} takes ${plan.takes.map(({ fromNo }) => fromNo).join()}`, next }];
  }

  /** A device reports a grant, also one that was given up for lost. */
  report(life: Life, grant: Grant, at: number): Step<Life>[] {
    if (grant.state !== "open" && grant.state !== "expired") return [];
    if (grant.state === "expired" && life.committed + COST > this.#deposit) return [];
    // What the device has said about a shard already is kept as it is, and tallied once more.
    const isRepeated = reportedBy(life, grant.by).some((result) => result.no === grant.from && result.round === grant.round);
    if (isRepeated) return [this.#record(life, at, null)];
    return (this.#config.devices[grant.by] ?? []).map((answer) => this.#record(life, at, answer));
  }

  #record(life: Life, at: number, answer: Answer | null): Step<Life> {
    const next = copyOf(life);
    const [{ by, from, round, state }] = next.grants.splice(at, 1) as [Grant];
    const isVote = answer === "right" || answer === "wrong";
    if (state === "expired") next.committed += COST;
    if (!isVote) next.committed -= COST;
    const digest = answer === "wrong" ? `wrong of ${by}` : String(answer);
    const result: Result = { by, no: from, round, outcome: isVote ? "ok" : "timeout", digest, agreed: null, settled: 0, isForfeited: false };
    const fresh = answer === null ? [] : [result];
    if (this.#rules.commitsBeforeTally) next.results.push(...fresh);
    next.untallied.push({ by, nos: [from], unseen: this.#rules.commitsBeforeTally ? [] : fresh });
    return { name: `${by} reports ${from} as ${answer ?? "before"}`, next };
  }

  /** A tally begins: what it sees is what is committed now. */
  #read(life: Life, at: number): Step<Life> {
    const next = copyOf(life);
    const [{ nos, by, unseen }] = next.untallied.splice(at, 1) as [Life["untallied"][number]];
    const results = [...next.results, ...unseen].filter((result) => nos.includes(result.no));
    next.reading.push({
      nos,
      unseen,
      results: results.map((result) => ({ ...result })),
      shards: next.shards.filter((shard) => nos.includes(shard.no)).map((shard) => ({ ...shard })),
    });
    return { name: `the tally of ${by} reads ${nos.join()}`, next };
  }

  /** A tally ends: the key of a shard keeps one verdict, the row of a result one payment. In a job that has ended nothing is decided. */
  #write(life: Life, at: number): Step<Life> {
    const next = copyOf(life);
    const [tally] = next.reading.splice(at, 1) as [Tally];
    next.results.push(...tally.unseen.map((result) => ({ ...result })));
    if (next.state !== "cancelled") for (const no of tally.nos) this.#decide(next, tally, no);
    return { name: `a tally decides about ${tally.nos.join()}`, next };
  }

  #decide(life: Life, tally: Tally, no: number): void {
    const known = tally.shards.find((shard) => shard.no === no);
    const round = known?.round ?? 0;
    const seen = tally.results.filter((result) => result.no === no && result.round === round);
    if (known && known.verdict !== "open") {
      this.#judge(life, { no, round, digest: known.digest, isAccepted: known.verdict === "accepted", seen });
      return;
    }
    const votes = seen.filter(({ outcome }) => isVotingOutcome(outcome)).map(({ by, digest }) => ({ voterId: String(by), outcome: "ok" as const, digest }));
    const machineFailures = seen.filter(({ outcome }) => outcome === "timeout").map(({ by }) => ({ voterId: String(by), outcome: "timeout" as const }));
    const { quorum, replicasMax } = this.#config;
    const verdict = this.#rules.decideVerdict({ votes, machineFailures }, { quorum, replicasMax, hasPasses: round === 0 });
    if (verdict.kind === "open") {
      for (let i = 1; i <= verdict.extraReplicas; i++) this.#want(life, { no, round, why: `opinion ${i}`, isCheck: false, isTaken: false });
      return;
    }
    const isAccepted = verdict.kind === "accepted";
    const present = life.shards.find((shard) => shard.no === no);
    const isFinal = !isAccepted || !this.#config.hasHold;
    const decided: Shard = { no, round, verdict: verdict.kind, digest: isAccepted ? verdict.digest : "", isFinal };
    if (!present) life.shards.push(decided);
    else if (present.verdict === "open" && present.round === round) Object.assign(present, decided);
    if (isFinal && life.shards.some((shard) => shard.no === no && shard.round === round))
      life.finals[no] ??= finalOf(life.shards.find((s) => s.no === no) as Shard);
    this.#judge(life, { no, round, digest: decided.digest, isAccepted, seen });
  }

  /** Marks votes as agreeing or not and pays those that agree, each once. */
  #judge(life: Life, shard: { no: number; round: number; digest: string; isAccepted: boolean; seen: readonly Result[] }): void {
    if (!shard.isAccepted) return;
    const unjudged = new Set(shard.seen.filter(({ agreed }) => agreed === null).map(({ by }) => by));
    for (const result of life.results) {
      if (result.no !== shard.no || result.round !== shard.round || result.outcome !== "ok") continue;
      const isDue = this.#rules.settlesOnce ? result.agreed === null : unjudged.has(result.by);
      if (isDue) settle(life, result, shard.digest);
    }
    this.#refute(life, shard);
  }

  /** A check that says something else takes the verdict back, while it may be. */
  #refute(life: Life, { no, round }: { no: number; round: number }): void {
    const shard = life.shards.find((s) => s.no === no && s.round === round && s.verdict === "accepted");
    const trusted = this.#config.devices.length - 1;
    const isRefuted = life.results.some((result) => result.by === trusted && result.no === no && result.round === round && result.agreed === "no");
    if (!shard || !this.#config.hasHold || !isRefuted || !this.#rules.mayRevoke(shard) || life.revocations >= REVOCATIONS_MAX) return;
    life.revocations += 1;
    for (const result of life.results) {
      if (result.no !== no || result.round !== round || result.agreed !== "yes" || result.isForfeited) continue;
      result.isForfeited = true;
      life.paid[result.by] = (life.paid[result.by] ?? 0) - COST;
      life.forfeited += COST;
    }
    Object.assign(shard, { round: round + 1, verdict: "open", digest: "" });
    for (let i = 0; i < this.#config.quorum; i++) this.#want(life, { no, round: round + 1, why: `again ${i}`, isCheck: false, isTaken: false });
    if (life.state === "computed") life.state = "running";
  }

  /** Silence, or a grant that is handed back: what was not reported is on offer again. */
  #lose(life: Life, grant: Grant, at: number): Step<Life>[] {
    if (grant.state !== "open" || life.losses >= this.#config.lossesMax) return [];
    return (["expired", "handed back"] as const).map((state) => {
      const next = copyOf(life);
      next.losses += 1;
      (next.grants[at] as Grant).state = state;
      next.committed -= COST * (grant.to - grant.from);
      const reported = next.results.filter((result) => result.by === grant.by && result.round === grant.round).map(({ no }) => ({ fromNo: no, toNo: no + 1 }));
      for (const rest of without({ fromNo: grant.from, toNo: grant.to }, reported))
        for (let no = rest.fromNo; no < rest.toNo; no++)
          this.#want(next, { no, round: grant.round, why: `lost by ${grant.by}, loss ${next.losses}`, isCheck: grant.isCheck, isTaken: false });
      if (state === "handed back") next.grants.splice(at, 1);
      return { name: `the grant of ${grant.by} for ${grant.from} is ${state}`, next };
    });
  }

  /** The lottery draws an accepted result for a check, or its window closes. */
  #hold(life: Life, shard: Shard, at: number): Step<Life>[] {
    if (!this.#config.hasHold || shard.verdict !== "accepted" || shard.isFinal) return [];
    const checks = life.wants.filter((want) => want.isCheck && want.no === shard.no && want.round === shard.round);
    const steps: Step<Life>[] = [];
    if (checks.length === 0) {
      const next = copyOf(life);
      this.#want(next, { no: shard.no, round: shard.round, why: "check", isCheck: true, isTaken: false });
      steps.push({ name: `the lottery draws ${shard.no}`, next });
    }
    const isChecked = life.results.some((r) => r.by === this.#config.devices.length - 1 && r.no === shard.no && r.round === shard.round && r.agreed !== null);
    if (checks.length === 0 || isChecked || !this.#rules.waitsForChecks) {
      const next = copyOf(life);
      (next.shards[at] as Shard).isFinal = true;
      next.finals[shard.no] ??= finalOf(next.shards[at] as Shard);
      steps.push({ name: `the window of ${shard.no} closes`, next });
    }
    return steps;
  }

  #end(life: Life): Step<Life>[] {
    if (life.state === "final") return [];
    const { shardCount } = this.#config;
    const accepted = life.shards.filter(({ verdict }) => verdict === "accepted").length;
    const failed = life.shards.filter(({ verdict }) => verdict === "failed").length;
    const final = life.shards.filter((shard) => shard.verdict !== "open" && shard.isFinal).length;
    const health = this.#rules.decideHealth({ accepted, failed, final, shardCount });
    const steps: Step<Life>[] = [];
    if (health === "final" || health === "all_failed" || (health === "computed" && life.state === "running")) {
      const next = copyOf(life);
      next.state = health === "computed" ? "computed" : "final";
      if (next.state === "final") refund(next, openCost(next));
      steps.push({ name: `the job is ${next.state}`, next });
    }
    if (this.#config.mayCancel) {
      const next = copyOf(life);
      next.state = "cancelled";
      for (const grant of next.grants) grant.state = "stopped";
      refund(next, 0);
      steps.push({ name: "the owner cancels", next });
    }
    return steps;
  }

  #want(life: Life, want: Want): void {
    if (!life.wants.some((w) => w.no === want.no && w.round === want.round && w.why === want.why)) life.wants.push(want);
  }

  /** Wants that came to nothing are left lying. */
  #isWanted(life: Life, want: Want): boolean {
    const shard = life.shards.find(({ no }) => no === want.no);
    if (want.isCheck) return shard !== undefined && shard.round === want.round && shard.verdict !== "open" && !shard.isFinal;
    return life.state === "running" && (!shard || (shard.verdict === "open" && shard.round <= want.round));
  }
}

function reportedBy(life: Life, by: number): Result[] {
  return [...life.results, ...[...life.untallied, ...life.reading].flatMap(({ unseen }) => unseen)].filter((result) => result.by === by);
}

function settle(life: Life, result: Result, digest: string): void {
  result.agreed = result.digest === digest ? "yes" : "no";
  if (result.agreed === "no") {
    life.committed -= COST;
    return;
  }
  result.settled += 1;
  life.escrow -= COST;
  life.paid[result.by] = (life.paid[result.by] ?? 0) + COST;
}

/** What may still be owed: replicas that are out or wait for their tally. */
function openCost(life: Life): number {
  const unjudged = life.results.filter((result) => result.outcome === "ok" && result.agreed === null).length;
  return COST * (life.grants.filter((grant) => isHeld(grant)).length + unjudged);
}

function refund(life: Life, keep: number): void {
  const amount = Math.max(0, life.escrow - keep);
  life.escrow -= amount;
  life.refunded += amount;
}
