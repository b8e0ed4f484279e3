import { createRandom, type Random } from "#bench/trust/random.ts";
import type { EstimateInput } from "#lib/domain/estimate/estimate-job.ts";
import { EventQueue } from "./event-queue.ts";

/** What an owner could have known when the job began, and how long it really took. */
export type SimulatedJob = { known: EstimateInput; tookMs: number };

type Device = { leavesAt: number; speed: number; cores: number };

const SILENT_MS = 45_000;
const NOTICED_MS = 5000;
/** What asking and reporting cost each execution: 400 ms for grants of ten. */
const EXCHANGE_MS = 40;
const QUORUM = 2;

/**
 * One job on a fleet that comes and goes, both drawn from the seed: 3 to 200 devices of 1 to 8 cores, speeds log-normal (0.3 to 0.7), visits log-normal around 10 to
 * 60 minutes with arrivals that keep the expected number, 50 to 3,000 shards of 1 to 60 s (log-normal, 0.1 to 0.6) computed by two devices each, 3 % of the executions slowed 3 to 15 times, none to
 * three other jobs that take their share for a while. The owner tries 1 to 5 shards on a machine of the same kind as the volunteers'.
 */
export function simulateJob(seed: number): SimulatedJob {
  return new Simulation(createRandom(seed)).run();
}

type World = {
  devices: number;
  speedSpread: number;
  visitMs: number;
  shards: number;
  shardMs: number;
  shardSpread: number;
  otherJobs: number;
  othersEndAt: number[];
};

class Simulation {
  private readonly random: Random;
  private readonly world: World;
  private readonly events = new EventQueue();
  private readonly fleet = new Map<number, Device>();
  private readonly shardMs: number[];
  private readonly votes: Set<number>[];
  /** Shards that want an execution, the next one last. */
  private readonly queue: number[] = [];
  private readonly idle: number[] = [];
  private readonly agreed = new Map<number, number>();
  private nextDevice = 0;
  private open: number;
  private now = 0;

  constructor(random: Random) {
    this.random = random;
    const between = (low: number, high: number) => low * (high / low) ** random.next();
    const shardMs = between(1000, 60_000);
    const otherJobs = Math.floor(random.next() * 4);
    this.world = {
      devices: Math.round(between(3, 200)),
      speedSpread: 0.3 + 0.4 * random.next(),
      visitMs: between(10, 60) * 60_000,
      shards: Math.round(between(50, 3000)),
      shardMs,
      shardSpread: 0.1 + 0.5 * random.next(),
      otherJobs,
      othersEndAt: Array.from({ length: otherJobs }, () => between(60_000, 4 * 3_600_000)),
    };
    this.shardMs = Array.from({ length: this.world.shards }, () => this.drawShardMs());
    this.votes = this.shardMs.map(() => new Set());
    this.open = this.world.shards;
    const numbers = this.shardMs.map((_, no) => no).reverse();
    this.queue.push(...numbers, ...numbers);
  }

  run(): SimulatedJob {
    for (let i = 0; i < this.world.devices; i++) this.arrive();
    const cores = [...this.fleet.values()].reduce((sum, device) => sum + device.cores, 0);
    const own = Math.exp(this.world.speedSpread * this.random.normal());
    const trialMs = Array.from({ length: 1 + Math.floor(this.random.next() * 5) }, () => (this.drawShardMs() / own) * Math.exp(0.1 * this.random.normal()));
    const known: EstimateInput = {
      shardCount: this.world.shards,
      executionsPerShard: QUORUM,
      trialMs,
      fleet: { devices: this.world.devices, cores, otherJobs: this.world.otherJobs },
    };
    this.scheduleArrival();
    while (this.open > 0) {
      const event = this.events.take();
      this.now = event.at;
      event.run();
    }
    return { known, tookMs: this.now };
  }

  private drawShardMs(): number {
    const { shardMs, shardSpread } = this.world;
    return shardMs * Math.exp(shardSpread * this.random.normal() - shardSpread ** 2 / 2);
  }

  /** Arrivals of a Poisson process that keeps the expected number of devices. */
  private scheduleArrival(): void {
    const meanVisitMs = this.world.visitMs * Math.exp(0.5);
    this.events.add(this.now - (Math.log(1 - this.random.next()) * meanVisitMs) / this.world.devices, () => {
      this.arrive();
      this.scheduleArrival();
    });
  }

  private arrive(): void {
    const no = this.nextDevice++;
    const { visitMs, speedSpread } = this.world;
    const stay = visitMs * Math.exp(this.random.normal());
    // Whoever is there at a moment is on a longer visit than most (size-biased log-normal), with some of it behind them.
    const left = this.now === 0 ? stay * Math.E * this.random.next() : stay;
    const device = { leavesAt: this.now + left, speed: Math.exp(speedSpread * this.random.normal()), cores: 1 + Math.floor(this.random.next() * 8) };
    this.fleet.set(no, device);
    this.events.add(device.leavesAt, () => this.fleet.delete(no));
    for (let core = 0; core < device.cores; core++) this.next(no);
  }

  /** A core takes the next replica, of this job or, as often as is fair, of another. */
  private next(no: number): void {
    const device = this.fleet.get(no);
    if (!device || this.now >= device.leavesAt) return;
    const others = this.world.othersEndAt.filter((end) => end > this.now).length;
    if (this.random.next() < others / (others + 1)) {
      this.events.add(this.now + EXCHANGE_MS + this.drawShardMs() / device.speed, () => this.next(no));
      return;
    }
    const replica = this.pick(no);
    if (replica === null) this.idle.push(no);
    else this.start(no, device, replica);
  }

  private pick(no: number): number | null {
    for (let back = 0; back < Math.min(64, this.queue.length); back++) {
      const at = this.queue.length - 1 - back;
      const shard = this.queue[at] ?? 0;
      if (this.votes[shard]?.has(no)) continue;
      this.queue.splice(at, 1);
      return shard;
    }
    return null;
  }

  private start(no: number, device: Device, shard: number): void {
    this.votes[shard]?.add(no);
    const slowed = this.random.next() < 0.03 ? 3 + 12 * this.random.next() : 1;
    const endsAt = this.now + EXCHANGE_MS + ((this.shardMs[shard] ?? 0) * slowed) / device.speed;
    if (endsAt < device.leavesAt) {
      this.events.add(endsAt, () => {
        this.finish(shard);
        this.next(no);
      });
      return;
    }
    const noticedMs = this.random.next() < 0.1 ? SILENT_MS : NOTICED_MS;
    this.events.add(device.leavesAt + noticedMs, () => {
      this.queue.push(shard);
      this.wake();
    });
  }

  private finish(shard: number): void {
    const count = (this.agreed.get(shard) ?? 0) + 1;
    this.agreed.set(shard, count);
    if (count === QUORUM) this.open--;
  }

  private wake(): void {
    for (const device of this.idle.splice(0)) this.next(device);
  }
}
