import { createRandom, type Random } from "#bench/trust/random.ts";
import { foldTiming, priorRuntime, type Runtime, runtimeMs } from "#lib/domain/dispatch/estimate-runtime.ts";
import { mayQueue } from "#lib/domain/dispatch/pack-grant.ts";
import { chooseSpeculation, copiesMax, type Outstanding, remainingMs } from "#lib/domain/dispatch/speculate.ts";

export type TailSettings = { seed: number; shards: number; devices: number; hasSpeculation: boolean };
/** `makespanRatio`: how long the job took over its ideal; `wasteShare` and `duplicateShare` are of all device time and of all shards; decisions in real milliseconds. */
export type TailFigures = { makespanRatio: number; wasteShare: number; duplicateShare: number; decisionsMs: number[] };

type Device = { no: number; since: number; endsAt: number; speed: number; isFrozen: boolean; runtime: Runtime; job: Copy | null; queued: Copy | null };
/** `grantedAt` and `expectedMs` are what the server knows; `startedAt` and `endsAt` are unknown while it waits behind another one. */
type Copy = { shard: number; grantedAt: number; startedAt: number; endsAt: number; expectedMs: number };
type Lost = { at: number; shard: number; copy: Copy };
type Shard = { ms: number; isDone: boolean; clusterIds: string[]; copies: Copy[]; extraCopies: number };

/** What a device that asks waits for an answer. */
const LOOK_MS = 200;
const SHARD_MS = 30_000;
const SILENT_MS = 45_000;
const FAREWELL_SHARE = 0.85;
const FAREWELL_MS = 5000;

/**
 * One job on churning devices: visits log-normal around 40 minutes, speeds log-normal (0.5), 3 % of executions slowed 3 to 15 times, 0.3 % freeze silently.
 * A device that computes has another shard waiting while `mayQueue()` lets it, as the engine does, and begins it without a pause; one that has nothing asks five times a second.
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
    for (; this.open > 0; now += LOOK_MS) this.tick(now);
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
      while (device.job && now >= device.job.endsAt) this.finish(device, device.job);
      if (!device.isFrozen) this.fill(device, now);
    }
  }

  private fill(device: Device, now: number): void {
    if (!device.job) this.give(device, now);
    else if (!device.queued && mayQueue({ left: this.queue.length, holders: this.settings.devices })) device.queued = this.grant(device, this.next(), now);
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
    const waiting = this.grant(device, this.next(), now);
    if (waiting) {
      this.begin(device, waiting, now);
      return;
    }
    if (!this.settings.hasSpeculation) return;
    const running = [...this.running];
    const expectedMs = runtimeMs(device.runtime, 1, 0);
    const before = performance.now();
    const outstanding = running.map((no) => this.outstanding(no, now));
    const chosen = chooseSpeculation({ clusterId: String(device.no), sessionMs: now - device.since, expectedMs }, outstanding, this.copiesLeft());
    this.figures.decisionsMs.push(performance.now() - before);
    const copy = this.grant(device, chosen === null ? null : (running[chosen] ?? null), now);
    if (!copy) return;
    this.copies += 1;
    this.shardOf(copy.shard).extraCopies += 1;
    this.begin(device, copy, now);
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
    const left = (copy: Copy): number => remainingMs({ elapsedMs: now - copy.grantedAt, expectedMs: copy.expectedMs });
    const first = shard.copies.reduce((a, b) => (left(a) <= left(b) ? a : b));
    return { clusterIds: shard.clusterIds, extraCopies: shard.extraCopies, elapsedMs: now - first.grantedAt, expectedMs: first.expectedMs };
  }

  private grant(device: Device, no: number | null, now: number): Copy | null {
    if (no === null) return null;
    const shard = this.shardOf(no);
    const copy: Copy = { shard: no, grantedAt: now, startedAt: now, endsAt: Number.POSITIVE_INFINITY, expectedMs: runtimeMs(device.runtime, 1, 0) };
    this.running.add(no);
    shard.copies.push(copy);
    shard.clusterIds.push(String(device.no));
    return copy;
  }

  private begin(device: Device, copy: Copy, now: number): void {
    const slowed = this.random.next() < 0.03 ? 3 + 12 * this.random.next() : 1;
    copy.startedAt = now;
    copy.endsAt = now + (this.shardOf(copy.shard).ms * slowed) / device.speed;
    if (this.random.next() < 0.003) {
      device.isFrozen = true;
      copy.endsAt = Number.POSITIVE_INFINITY;
      this.lost.push({ at: now + SILENT_MS, shard: copy.shard, copy });
    }
    device.job = copy;
  }

  private finish(device: Device, copy: Copy): void {
    const shard = this.shardOf(copy.shard);
    const ms = copy.endsAt - copy.startedAt;
    this.busyMs += ms;
    device.job = null;
    device.runtime = foldTiming(device.runtime, { ms, weight: 1 });
    shard.copies = shard.copies.filter((each) => each !== copy);
    this.goOn(device, copy.endsAt);
    if (shard.isDone) return;
    shard.isDone = true;
    this.running.delete(copy.shard);
    this.usefulMs += ms;
    this.open -= 1;
  }

  /** Begins what waits, unless somebody else has done it meanwhile. */
  private goOn(device: Device, now: number): void {
    const { queued } = device;
    device.queued = null;
    if (!queued) return;
    const shard = this.shardOf(queued.shard);
    if (shard.isDone) shard.copies = shard.copies.filter((each) => each !== queued);
    else this.begin(device, queued, now);
  }

  private leave(device: Device, now: number): void {
    const { job, queued } = device;
    if (job) {
      this.busyMs += Math.max(0, now - job.startedAt);
      // The server goes on believing in it until the tab's farewell or its silence tells.
      job.endsAt = Number.POSITIVE_INFINITY;
      const noticedAt = now + (this.random.next() < FAREWELL_SHARE ? FAREWELL_MS : SILENT_MS);
      for (const copy of queued ? [job, queued] : [job]) if (copy !== job || !device.isFrozen) this.lost.push({ at: noticedAt, shard: copy.shard, copy });
    }
    this.devices[device.no % this.settings.devices] = Object.assign(device, this.arrive(device.no + this.settings.devices, now));
  }

  private arrive(no: number, now: number): Device {
    const visitMs = 40 * 60_000 * Math.exp(this.random.normal());
    const speed = Math.exp(0.5 * this.random.normal());
    return { no, since: now, endsAt: now + visitMs, speed, isFrozen: false, runtime: priorRuntime(SHARD_MS, speed), job: null, queued: null };
  }

  private shardOf(no: number): Shard {
    const shard = this.shards[no];
    if (!shard) throw new RangeError(`There is no shard ${no}.`);
    return shard;
  }
}
