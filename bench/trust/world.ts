import { type Adversary, createAdversary, type Plan, type Strategy } from "./adversary.ts";
import { createRandom, type Random } from "./random.ts";

/** What a run simulates. Shares are of concurrent slots or of devices. */
export type WorldSettings = {
  seed: number;
  slots: number;
  attackerShare: number;
  strategy: Strategy;
  /** Whether an identity that is burned or thrown away comes back under a new name. */
  reenters: boolean;
  /** Share of honest devices that give a wrong result in one of ten. */
  faultyShare: number;
  /** Factor on the length of visits; below 1 is churn. */
  visitFactor: number;
  windowResults: number;
};

export type Kind = "honest" | "faulty" | "attacker";

/** A device as the simulation knows it, with what only the simulation may know. */
export type Identity = { no: number; kind: Kind; visitor: number; plan: Plan };

/** Visits: share of visits, median or scale in seconds, chance to come back. Casual, medium and devoted visitors; Weibull(0.5) and log-normals of sigma 1. */
const VISITORS = [
  { share: 0.85, seconds: 40, returns: 0.15 },
  { share: 0.08, seconds: 480, returns: 0.5 },
  { share: 0.07, seconds: 5400, returns: 0.85 },
] as const;
const SHARD_SECONDS = 30;
const FAULTY_WRONG = 0.1;

type Slot = { identity: Identity; endsAt: number; speed: number; startedAt: number; finishesAt: number };

/** What a policy does in a world: `start` before an execution, `finish` after it, `lose` when the tab closes in between. */
export type Handler = {
  isUsable(identity: Identity): boolean;
  start(slot: number, identity: Identity, now: number): void;
  finish(slot: number, identity: Identity, now: number): void;
  lose(slot: number, identity: Identity, now: number, doneShare: number): void;
};

/** A population of devices on a fixed number of slots, with visits, returns, speeds, faults and attackers; the same for every policy under one seed. */
export class World {
  readonly random: Random;
  readonly adversary: Adversary;
  readonly identities: Identity[] = [];
  private readonly slots: Slot[] = [];
  private readonly heap: Int32Array;
  private readonly away: Identity[][] = [[], [], []];
  private readonly settings: WorldSettings;

  constructor(settings: WorldSettings) {
    this.settings = settings;
    this.random = createRandom(settings.seed);
    const attackers = Math.round(settings.slots * settings.attackerShare);
    this.adversary = createAdversary(settings.strategy, this.random, settings.windowResults, attackers / settings.slots);
    this.heap = Int32Array.from({ length: settings.slots }, (_, i) => i);
    for (let i = 0; i < settings.slots; i++) {
      const slot: Slot = { identity: this.create("honest", 0), endsAt: 0, speed: 1, startedAt: 0, finishesAt: 0 };
      this.slots.push(slot);
      if (i < attackers) this.attack(slot);
      else this.visit(slot, this.random.next() * 3600);
    }
  }

  /** Runs until `isDone()`. */
  run(handler: Handler, isDone: () => boolean): void {
    for (let i = 0; i < this.slots.length; i++) this.begin(i, 0, handler);
    for (let at = this.heap.length >> 1; at >= 0; at--) this.sink(at);
    while (!isDone()) {
      const no = this.heap[0] ?? 0;
      this.step(no, handler);
      this.sink(0);
    }
  }

  /** The identity that computes in a slot drawn at random: who asks next is as likely any of them. */
  pickOnline(): Identity {
    return this.slotOf(this.random.below(this.slots.length)).identity;
  }

  /** Whether an execution goes wrong now. A faulty device is wrong once in ten; an attacker follows its plan. */
  answersWrong(identity: Identity, knows: { isTrusted?: boolean; isFound?: boolean } = {}): boolean {
    if (identity.kind === "attacker") return this.adversary.cheats(identity.plan, { isTrusted: knows.isTrusted ?? false, isFound: knows.isFound ?? false });
    return identity.kind === "faulty" && this.random.next() < FAULTY_WRONG;
  }

  private step(no: number, handler: Handler): void {
    const slot = this.slotOf(no);
    const now = Math.min(slot.finishesAt, slot.endsAt);
    if (slot.finishesAt <= slot.endsAt) handler.finish(no, slot.identity, now);
    else handler.lose(no, slot.identity, now, (slot.endsAt - slot.startedAt) / (slot.finishesAt - slot.startedAt));
    this.begin(no, now, handler);
  }

  private begin(no: number, now: number, handler: Handler): void {
    const slot = this.slotOf(no);
    const isAttacker = slot.identity.kind === "attacker";
    if (isAttacker) {
      if (!handler.isUsable(slot.identity) || this.adversary.leaves(slot.identity.plan)) this.attack(slot);
    } else if (now >= slot.endsAt || !handler.isUsable(slot.identity)) this.visit(slot, now);
    slot.startedAt = now;
    slot.finishesAt = now + (SHARD_SECONDS * Math.exp(0.3 * this.random.normal())) / slot.speed;
    handler.start(no, slot.identity, now);
  }

  /** Puts a fresh attacker into a slot; where attackers cannot come back, an honest visitor. */
  private attack(slot: Slot): void {
    const isFirst = slot.identity.kind !== "attacker";
    if (!isFirst && !this.settings.reenters) {
      slot.identity = this.create("honest", 2);
      this.visit(slot, slot.finishesAt);
      return;
    }
    slot.identity = this.create("attacker", 2);
    slot.endsAt = Number.POSITIVE_INFINITY;
    slot.speed = 1;
  }

  private visit(slot: Slot, now: number): void {
    const leaver = slot.identity;
    if (now > 0 && leaver.kind !== "attacker" && this.random.next() < (VISITORS[leaver.visitor]?.returns ?? 0)) this.away[leaver.visitor]?.push(leaver);
    const lot = this.random.next();
    const visitor = lot < 0.85 ? 0 : lot < 0.93 ? 1 : 2;
    const { seconds, returns } = VISITORS[visitor] ?? VISITORS[0];
    const waiting = this.away[visitor] ?? [];
    const back = waiting.length > 20 && this.random.next() < returns ? takeAny(waiting, this.random) : null;
    slot.identity = back ?? this.create(this.random.next() < this.settings.faultyShare ? "faulty" : "honest", visitor);
    const length = visitor === 0 ? seconds * Math.log(1 / (1 - this.random.next())) ** 2 : seconds * Math.exp(this.random.normal());
    slot.endsAt = now + length * this.settings.visitFactor;
    slot.speed = Math.exp(0.5 * this.random.normal());
  }

  private create(kind: Kind, visitor: number): Identity {
    const identity: Identity = { no: this.identities.length, kind, visitor, plan: kind === "attacker" ? this.adversary.begin() : NO_PLAN };
    this.identities.push(identity);
    return identity;
  }

  private slotOf(no: number): Slot {
    const slot = this.slots[no];
    if (!slot) throw new RangeError(`There is no slot ${no}.`);
    return slot;
  }

  private timeAt(at: number): number {
    const slot = this.slotOf(this.heap[at] ?? 0);
    return Math.min(slot.finishesAt, slot.endsAt);
  }

  private sink(from: number): void {
    const { heap } = this;
    let at = from;
    const moved = heap[at] ?? 0;
    const time = this.timeAt(at);
    for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && this.timeAt(child + 1) < this.timeAt(child)) child += 1;
      if (this.timeAt(child) >= time) break;
      heap[at] = heap[child] ?? 0;
      at = child;
    }
    heap[at] = moved;
  }
}

const NO_PLAN: Plan = { given: 0, cheatAt: -1 };

function takeAny<T>(list: T[], random: Random): T | null {
  const at = random.below(list.length);
  const last = list.pop();
  if (last === undefined) return null;
  if (at === list.length) return last;
  const taken = list[at] ?? null;
  list[at] = last;
  return taken;
}
