import type { AssuranceRules } from "#lib/domain/trust/assurance.ts";
import { type DeviceTrust, foldTrust, UNKNOWN_DEVICE } from "#lib/domain/trust/device-trust.ts";
import { weighEvidence } from "#lib/domain/trust/weigh-evidence.ts";
import { addWait, type Figures, noFigures } from "./figures.ts";
import type { Random } from "./random.ts";
import { type Handler, type Identity, World, type WorldSettings } from "./world.ts";

/**
 * Policies that decide by votes, final at once. `weighed`: Shoal's class of two witnesses. What it is compared with: `quorum`: `agreeing` equal answers of different devices; `eager` copies are given out at once. `adaptive`: BOINC's adaptive
 * replication as in its scheduler: a device with at least 10 valid replicated results in a row is left alone with probability 1 − 1 ÷ count at each request,
 * else two must agree; an invalid or lost result resets the count (sched/sched_config.h, sched_send.cpp, validator.cpp, transitioner.cpp).
 */
export type Peer = { kind: "quorum"; agreeing: number; eager: number } | { kind: "adaptive" } | { kind: "weighed"; rules: AssuranceRules };

type Shard = { since: number; agreeing: number; out: number; votes: { identity: Identity; isWrong: boolean }[]; closed: boolean };

const TRUSTED_COUNT = 10;
const REPLICAS_MAX = 9;
/** A pending replica is looked for among this many at the head of the queue. */
const LOOK = 8;

/** Runs a peer in a world; `warm` shards are not counted, `shards` are. Verdicts are final at once. */
export function simulateVoted(peer: Peer, settings: WorldSettings, length: { warm: number; shards: number }): Figures {
  const run = new VotedRun(peer, settings);
  return run.run(length);
}

class VotedRun implements Handler {
  private readonly peer: Peer;
  private readonly world: World;
  private readonly random: Random;
  private readonly running: (Shard | undefined)[] = [];
  private queue: Shard[] = [];
  private readonly counts: number[] = [];
  private readonly trusts: DeviceTrust[] = [];
  private figures = noFigures();

  constructor(peer: Peer, settings: WorldSettings) {
    this.peer = peer;
    this.world = new World(settings);
    this.random = this.world.random;
  }

  run(length: { warm: number; shards: number }): Figures {
    let isWarm = false;
    this.world.run(this, () => {
      if (!isWarm && this.figures.accepted >= length.warm) {
        isWarm = true;
        this.figures = noFigures();
      }
      return isWarm && this.figures.accepted >= length.shards;
    });
    return this.figures;
  }

  isUsable(): boolean {
    return true;
  }

  start(slot: number, identity: Identity, now: number): void {
    const at = this.queue.slice(0, LOOK).findIndex((shard) => !shard.votes.some((vote) => vote.identity === identity));
    const shard = at >= 0 ? this.queue.splice(at, 1)[0] : undefined;
    this.running[slot] = shard ?? this.open(identity, now);
    // In BOINC an untrusted device that is given a single copy makes a quorum of it.
    if (shard && this.peer.kind === "adaptive" && shard.agreeing === 1 && !this.isTrusted(identity)) this.ask(shard, 2);
  }

  lose(slot: number, identity: Identity, _now: number, doneShare: number): void {
    this.figures.executions += doneShare;
    if (this.peer.kind === "adaptive") this.counts[identity.no] = 0;
    const shard = this.running[slot];
    if (shard && !shard.closed) this.queue.push(shard);
  }

  finish(slot: number, identity: Identity, now: number): void {
    const isWrong = this.world.answersWrong(identity, { isTrusted: (this.counts[identity.no] ?? 0) >= TRUSTED_COUNT });
    this.figures.executions += 1;
    if (identity.kind === "attacker") this.figures.attackerEffort += isWrong ? 0.02 : 1;
    const shard = this.running[slot];
    if (!shard || shard.closed) return;
    shard.out -= 1;
    shard.votes.push({ identity, isWrong });
    this.decide(shard, now);
  }

  private open(identity: Identity, now: number): Shard {
    const agreeing = this.agreeingFor(identity);
    const shard: Shard = { since: now, agreeing, out: 1, votes: [], closed: false };
    const copies = this.peer.kind === "quorum" ? this.peer.eager : agreeing;
    for (let i = 1; i < copies; i++) this.request(shard);
    return shard;
  }

  private agreeingFor(identity: Identity): number {
    if (this.peer.kind === "quorum") return this.peer.agreeing;
    return this.peer.kind === "adaptive" && this.isTrusted(identity) ? 1 : 2;
  }

  private isTrusted(identity: Identity): boolean {
    const count = this.counts[identity.no] ?? 0;
    return count >= TRUSTED_COUNT && this.random.next() > 1 / count;
  }

  private ask(shard: Shard, agreeing: number): void {
    shard.agreeing = agreeing;
    this.request(shard);
  }

  private request(shard: Shard): void {
    shard.out += 1;
    this.queue.push(shard);
  }

  private decide(shard: Shard, now: number): void {
    const isWrong = this.verdictOf(shard);
    if (isWrong === null) {
      if (shard.out === 0 && shard.votes.length < REPLICAS_MAX) this.request(shard);
      else if (shard.out === 0) shard.closed = true;
      return;
    }
    shard.closed = true;
    this.queue = this.queue.includes(shard) ? this.queue.filter((each) => each !== shard) : this.queue;
    this.figures.accepted += 1;
    if (isWrong) this.figures.wrong += 1;
    addWait(this.figures, now - shard.since);
    for (const vote of shard.votes) this.settle(vote, isWrong, shard.votes.length > 1);
  }

  /** Whether the accepted answer is wrong; null while none is accepted. */
  private verdictOf(shard: Shard): boolean | null {
    if (this.peer.kind === "weighed") {
      const votes = shard.votes.map(({ identity, isWrong }) => ({
        group: isWrong ? "wrong" : "right",
        clusterId: String(identity.no),
        trust: this.trusts[identity.no] ?? UNKNOWN_DEVICE,
        isTrusted: false,
      }));
      const weighed = weighEvidence(votes, this.peer.rules);
      return weighed.kind === "accepted" ? weighed.group === "wrong" : null;
    }
    const wrong = shard.votes.filter((vote) => vote.isWrong).length;
    const most = Math.max(wrong, shard.votes.length - wrong);
    return most < shard.agreeing ? null : wrong === most;
  }

  private settle(vote: { identity: Identity; isWrong: boolean }, isWrong: boolean, wasReplicated: boolean): void {
    const { no, kind } = vote.identity;
    const isValid = vote.isWrong === isWrong;
    if (isValid && kind === "attacker") this.figures.attackerPay += 1;
    if (!isValid) this.counts[no] = 0;
    if (isValid) this.trusts[no] = foldTrust(this.trusts[no] ?? UNKNOWN_DEVICE, { kind: "agreed" });
    if (isValid && wasReplicated) this.counts[no] = (this.counts[no] ?? 0) + 1;
  }
}
