import { batchMsOf, type DeviceShape } from "#lib/domain/dispatch/want.ts";
import { activeExecutors, advanceBudget, type CpuBudget, correctedDuty, dutyOf, openBudget, untilShardMs } from "#lib/domain/governor/cpu-budget.ts";
import { type Activity, decideActivity, type Situation } from "#lib/domain/governor/decide-activity.ts";
import { COOL, coolDown, heatFactor, noteMean } from "#lib/domain/governor/heat.ts";
import type { VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";

/** The window in which requested and actual share are compared. */
const WINDOW_MS = 60_000;
const SAMPLE_EVERY_MS = 1000;

/** What is asked for and what is so. Shares are processor seconds ÷ (seconds × cores). */
export type ShareMeter = {
  requestedShare: number;
  /** Over the last minute, or since the settings changed; null before the first seconds are over. */
  actualShare: number | null;
  /** Something runs that cannot rest inside shards, so a share below the whole is reached by rests between them. */
  isApproximate: boolean;
  /** Below 1 while the device computes less because it became slow. */
  heatFactor: number;
};

export type GovernorOptions = {
  settings: VolunteerSettings;
  situation: Situation;
  /** How many cores `cores: null` stands for. */
  coresDefault: number;
  /** Processor milliseconds spent so far: by the whole process where that can be known, else the time executors were busy. */
  spentMs: () => number;
};

/** Keeps to what the volunteer allows. It decides; pool and loop ask it before every shard and every request. */
export class Governor {
  readonly #coresDefault: number;
  readonly #spentMs: () => number;
  #settings: VolunteerSettings;
  #situation: Situation;
  #heat = COOL;
  /** Begins with the first shard: what the process spent before is not held against it. */
  #budget: CpuBudget | null = null;
  #samples: { atMs: number; spentMs: number }[] = [];

  constructor({ settings, situation, coresDefault, spentMs }: GovernorOptions) {
    this.#settings = settings;
    this.#situation = situation;
    this.#coresDefault = coresDefault;
    this.#spentMs = spentMs;
  }

  get settings(): VolunteerSettings {
    return this.#settings;
  }

  /** Other settings hold from now on; what is measured begins anew. */
  configure(settings: VolunteerSettings): void {
    this.#settings = settings;
    this.#budget = null;
    this.#samples = [];
  }

  notice(situation: Situation): void {
    this.#situation = situation;
  }

  /** Cores that the share is a share of. */
  get cores(): number {
    return this.#settings.cores ?? this.#coresDefault;
  }

  /** How many executors run at a time. */
  get active(): number {
    return activeExecutors(this.cores, this.#share);
  }

  shape(): DeviceShape {
    const share = this.#share;
    return { cores: this.active, duty: dutyOf(this.cores, share), batchMs: batchMsOf({ isPhone: this.#situation.isPhone, share }) };
  }

  activity(at: Date, bytesToday: number): Activity {
    return decideActivity(this.#settings, this.#situation, { minuteOfDay: at.getHours() * 60 + at.getMinutes(), bytesToday });
  }

  /** Milliseconds of rest before the next shard, given how long it should take and what the running ones have before them. */
  untilShardMs(expectedMs: number, aheadMs: number): number {
    const share = this.#share;
    if (share >= 1) return 0;
    this.#budget ??= openBudget(performance.now(), this.#spentMs());
    return untilShardMs(this.#advance(this.#budget, expectedMs), { aheadMs, expectedMs, rate: this.cores * share });
  }

  /** Whether less than all of the processor is allowed. */
  get isThrottled(): boolean {
    return this.#share < 1;
  }

  /**
   * What part of its time an executor that can rest inside shards computes, 0 to 1: its part of the share, corrected by what the process spent more or less
   * than it was allowed so far.
   */
  get duty(): number {
    const share = this.#share;
    if (share >= 1) return 1;
    const duty = dutyOf(this.cores, share);
    return this.#budget ? correctedDuty(this.#advance(this.#budget, 0), { duty, active: this.active }) : duty;
  }

  /** One more timing of a job changed its mean. */
  noteMean(mean: { jobId: string; msPerShard: number; count: number }): void {
    if (this.#settings.backsOffWhenHot) this.#heat = noteMean(this.#heat, { ...mean, nowMs: performance.now() });
  }

  /** Samples the processor clock; called a few times a second. */
  tick(): void {
    const atMs = performance.now();
    this.#heat = this.#settings.backsOffWhenHot ? coolDown(this.#heat, atMs) : COOL;
    const last = this.#samples.at(-1);
    if (last && atMs - last.atMs < SAMPLE_EVERY_MS) return;
    this.#samples.push({ atMs, spentMs: this.#spentMs() });
    while (this.#samples[1] !== undefined && this.#samples[1].atMs <= atMs - WINDOW_MS) this.#samples.shift();
  }

  /** `isPaced`: what runs rests inside shards. */
  meter(isPaced: boolean): ShareMeter {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    const wallMs = first && last ? last.atMs - first.atMs : 0;
    const actualShare = first && last && wallMs > 0 ? (last.spentMs - first.spentMs) / (wallMs * this.cores) : null;
    const requestedShare = this.#settings.cpuSharePercent / 100;
    return { requestedShare, actualShare, isApproximate: requestedShare < 1 && !isPaced, heatFactor: heatFactor(this.#heat) };
  }

  #advance(budget: CpuBudget, expectedMs: number): CpuBudget {
    this.#budget = advanceBudget(budget, { nowMs: performance.now(), spentMs: this.#spentMs(), rate: this.cores * this.#share, expectedMs });
    return this.#budget;
  }

  get #share(): number {
    return (this.#settings.cpuSharePercent / 100) * heatFactor(this.#heat);
  }
}
