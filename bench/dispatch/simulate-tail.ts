import { createRandom, type Random } from "#bench/trust/random.ts";
import { foldTiming, priorRuntime, type Runtime, runtimeMs } from "#lib/domain/dispatch/estimate-runtime.ts";
import { chooseSpeculation, copiesMax, type Outstanding, remainingMs } from "#lib/domain/dispatch/speculate.ts";

export type TailSettings = { seed: number; shards: number; devices: number; hasSpeculation: boolean };
/** `makespanRatio`: how long the job took over its ideal; `wasteShare` and `duplicateShare` are of all device time and of all shards; decisions in real milliseconds. */
export type TailFigures = { makespanRatio: number; wasteShare: number; duplicateShare: number; decisionsMs: number[] };

type Device = { no: number; since: number; endsAt: number; speed: number; isFrozen: boolean; runtime: Runtime; job: Copy | null };
type Copy = { shard: number; startedAt: number; endsAt: number; expectedMs: number };
type Lost = { at: number; shard: number; copy: Copy };
type Shard = { ms: number; isDone: boolean; clusterIds: string[]; copies: Copy[]; extraCopies: number };

const SHARD_MS = 30_000;
const SILENT_MS = 45_000;
const FAREWELL_SHARE = 0.85;
const FAREWELL_MS = 5000;

/**
 * One job on churning devices: visits log-normal around 40 minutes, speeds log-normal (0.5), 3 % of executions slowed 3 to 15 times, 0.3 % freeze silently.
 * Of those who leave, 85 % say so and their shards are on offer after 5 s; silence is noticed after 45 s, and until then the server counts on the device. Ideal: the work of all shards over the speed of all devices, with mean slowing.
 */
export function simulateTail(settings: TailSettings): TailFigures {
  return new Tail(settings).run();
}

class Tail {
  private readonly random: Random;
  private readonly shards: Shard[] = [];
  private readonly devices: Device[] = [];
  private readonly queue: number[] = [];
  private readonly lost: Lost[] = [];
  private readonly running = new Set<number>();
  private readonly figures: TailFigures = { makespanRatio: 0, wasteShare: 0, duplicateShare: 0, decisionsMs: [] };
  private open: number;
  private busyMs = 0;
  private usefulMs = 0;
  private copies = 0;
  private readonly settings: TailSettings;

  constructor(settings: TailSettings) {
    this.settings = settings;
    this.random = createRandom(settings.seed);
    this.open = settings.shards;
    for (let i = 0; i < settings.shards; i++) {
      this.shards.push({ ms: SHARD_MS * Math.exp(0.3 * this.random.normal()), isDone: false, clusterIds: [], copies: [], extraCopies: 0 });
      this.queue.push(settings.shards - 1 - i);
    }
    for (let i = 0; i < settings.devices; i++) this.devices.push(this.arrive(i, 0));
  }

  run(): TailFigures {
    const speed = this.devices.reduce((sum, device) => sum + device.speed, 0);
    const idealMs = (this.shards.reduce((sum, shard) => sum + shard.ms, 0) * (1 + 0.03 * 8)) / speed;
    let now = 0;
    for (; this.open > 0; now += 1000) this.tick(now);
    return {
      ...this.figures,
      makespanRatio: now / idealMs,
      wasteShare: 1 - this.usefulMs / this.busyMs,
      duplicateShare: this.copies / this.settings.shards,
    };
  }

  private tick(now: number): void {
    for (let i = this.lost.length - 1; i >= 0; i--) {
      const lost = this.lost[i];
      if (!lost || lost.at > now) continue;
      this.lost.splice(i, 1);
      this.notice(lost);
    }
    for (const device of this.devices) {
      if (now >= device.endsAt) this.leave(device, now);
      if (device.job && now >= device.job.endsAt) this.finish(device, device.job);
      if (!device.job && !device.isFrozen) this.give(device, now);
    }
  }

  /** A copy that is gone: the shard is on offer again where nobody else has it. */
  private notice({ shard: no, copy }: Lost): void {
    const shard = this.shardOf(no);
    shard.copies = shard.copies.filter((each) => each !== copy);
    if (shard.copies.length > 0 || shard.isDone) return;
    this.running.delete(no);
    this.queue.push(no);
  }

  private give(device: Device, now: number): void {
    const waiting = this.next();
    if (waiting !== null) {
      this.start(device, waiting, now);
      return;
    }
    if (!this.settings.hasSpeculation) return;
    const running = [...this.running];
    const expectedMs = runtimeMs(device.runtime, 1, 0);
    const before = performance.now();
    const outstanding = running.map((no) => this.outstanding(no, now));
    const chosen = chooseSpeculation({ clusterId: String(device.no), sessionMs: now - device.since, expectedMs }, outstanding, this.copiesLeft());
    this.figures.decisionsMs.push(performance.now() - before);
    const no = chosen === null ? undefined : running[chosen];
    if (no === undefined) return;
    this.copies += 1;
    this.shardOf(no).extraCopies += 1;
    this.start(device, no, now);
  }

  private copiesLeft(): number {
    return copiesMax(this.settings.shards) - this.copies;
  }

  private next(): number | null {
    for (let no = this.queue.pop(); no !== undefined; no = this.queue.pop()) if (!this.shardOf(no).isDone) return no;
    return null;
  }

  private outstanding(no: number, now: number): Outstanding {
    const shard = this.shardOf(no);
    const left = (copy: Copy): number => remainingMs({ elapsedMs: now - copy.startedAt, expectedMs: copy.expectedMs });
    const first = shard.copies.reduce((a, b) => (left(a) <= left(b) ? a : b));
    return { clusterIds: shard.clusterIds, extraCopies: shard.extraCopies, elapsedMs: now - first.startedAt, expectedMs: first.expectedMs };
  }

  private start(device: Device, no: number, now: number): void {
    const shard = this.shardOf(no);
    const slowed = this.random.next() < 0.03 ? 3 + 12 * this.random.next() : 1;
    const copy: Copy = { shard: no, startedAt: now, endsAt: now + (shard.ms * slowed) / device.speed, expectedMs: runtimeMs(device.runtime, 1, 0) };
    if (this.random.next() < 0.003) {
      device.isFrozen = true;
      copy.endsAt = Number.POSITIVE_INFINITY;
      this.lost.push({ at: now + SILENT_MS, shard: no, copy });
    }
    device.job = copy;
    this.running.add(no);
    shard.copies.push(copy);
    shard.clusterIds.push(String(device.no));
  }

  private finish(device: Device, copy: Copy): void {
    const shard = this.shardOf(copy.shard);
    const ms = copy.endsAt - copy.startedAt;
    this.busyMs += ms;
    device.job = null;
    device.runtime = foldTiming(device.runtime, { ms, weight: 1 });
    shard.copies = shard.copies.filter((each) => each !== copy);
    if (shard.isDone) return;
    shard.isDone = true;
    this.running.delete(copy.shard);
    this.usefulMs += ms;
    this.open -= 1;
  }

  private leave(device: Device, now: number): void {
    const { job } = device;
    if (job) {
      this.busyMs += Math.max(0, now - job.startedAt);
      // The server goes on believing in it until the tab's farewell or its silence tells.
      job.endsAt = Number.POSITIVE_INFINITY;
      if (!device.isFrozen) this.lost.push({ at: now + (this.random.next() < FAREWELL_SHARE ? FAREWELL_MS : SILENT_MS), shard: job.shard, copy: job });
    }
    this.devices[device.no % this.settings.devices] = Object.assign(device, this.arrive(device.no + this.settings.devices, now));
  }

  private arrive(no: number, now: number): Device {
    const visitMs = 40 * 60_000 * Math.exp(this.random.normal());
    const speed = Math.exp(0.5 * this.random.normal());
    return { no, since: now, endsAt: now + visitMs, speed, isFrozen: false, runtime: priorRuntime(SHARD_MS, speed), job: null };
  }

  private shardOf(no: number): Shard {
    const shard = this.shards[no];
    if (!shard) throw new RangeError(`There is no shard ${no}.`);
    return shard;
  }
}
