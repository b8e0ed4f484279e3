import { PACED_EXPORTS } from "#lib/domain/program/paced-build.ts";
import { FULL_DUTY, PACE_WORDS } from "./pace-words.ts";

/** How often a program should come by, in milliseconds of its own time: often enough for short rests, seldom enough to cost nothing. */
const SLICE_MS = 2;
const TICKS = { first: 10_000, min: 100, max: 20_000_000 } as const;
/** Shorter rests would mostly be the cost of falling asleep. */
const REST_MS_MIN = 4;
/** A program that came by very late does not sleep it all off at once: nobody could tell it from a dead one. */
const REST_MS_MAX = 2000;

const CREDIT_MS_MAX = 2000;

/** Clocks in milliseconds: of the wall, and of the processor where the platform knows the time of one thread. */
export type PacerClocks = { nowMs(): number; cpuMs: (() => number) | null };

/**
 * Rests inside shards, so that an executor computes only for the part of the time that it may. A program built by `withYieldPoints` comes by every few
 * milliseconds; whoever holds the executor sets the part in shared memory. What the program computes cannot depend on it.
 */
export class Pacer {
  readonly #words: Int32Array;
  readonly #clocks: PacerClocks;
  /** Since when computing and resting are set against each other. */
  #since = { wallMs: 0, spentMs: 0, duty: FULL_DUTY };
  #lastYieldMs = 0;
  #ticksMax = TICKS.first as number;
  #restedMs = 0;

  constructor(memory: SharedArrayBuffer, clocks: PacerClocks) {
    this.#words = new Int32Array(memory);
    this.#clocks = clocks;
  }

  /** How long this executor has rested inside shards. */
  get restedMs(): number {
    return this.#restedMs;
  }

  /** Puts itself into a new instance of a paced build, before its `_start`; leaves every other program alone. */
  enter({ exports }: WebAssembly.Instance): void {
    const [ticks, table] = [exports[PACED_EXPORTS.ticks], exports[PACED_EXPORTS.yields]];
    if (!(ticks instanceof WebAssembly.Global) || !(table instanceof WebAssembly.Table)) return;
    table.set(
      0,
      toWasmFunction(() => {
        this.#yield();
        ticks.value = this.#ticksMax;
      }),
    );
    ticks.value = this.#ticksMax;
    this.#lastYieldMs = this.#clocks.nowMs();
    this.#begin(this.#duty(), this.#lastYieldMs);
  }

  #yield(): void {
    const nowMs = this.#clocks.nowMs();
    this.#adaptTicks(nowMs - this.#lastYieldMs);
    const duty = this.#duty();
    if (duty !== this.#since.duty) this.#begin(duty, nowMs);
    else if (duty < FULL_DUTY) this.#rest(this.#owedMs(nowMs), duty);
    this.#lastYieldMs = this.#clocks.nowMs();
  }

  /** So many turns of loops as take about a slice; a program's loops differ, so it follows slowly and both ways. */
  #adaptTicks(sliceMs: number): void {
    const factor = Math.min(2, Math.max(0.5, SLICE_MS / Math.max(0.05, sliceMs)));
    this.#ticksMax = Math.round(Math.min(TICKS.max, Math.max(TICKS.min, this.#ticksMax * factor)));
  }

  /** What is missing until computing is the part of the whole that it may be; time that the machine gave to others counts as rest where it can be known. */
  #owedMs(nowMs: number): number {
    const { wallMs, spentMs, duty } = this.#since;
    const owedMs = ((this.#spentMs(nowMs) - spentMs) * FULL_DUTY) / duty - (nowMs - wallMs);
    // Time that the machine gave to others is made up for in seconds, not for as long as it took.
    if (owedMs < -CREDIT_MS_MAX) this.#since.wallMs = wallMs - owedMs - CREDIT_MS_MAX;
    return owedMs;
  }

  #rest(owedMs: number, duty: number): void {
    if (owedMs < REST_MS_MIN) return;
    const fromMs = this.#clocks.nowMs();
    // Another duty ends it.
    Atomics.wait(this.#words, PACE_WORDS.dutyPermille, duty, Math.min(owedMs, REST_MS_MAX));
    this.#restedMs += this.#clocks.nowMs() - fromMs;
    Atomics.store(this.#words, PACE_WORDS.restedMs, Math.round(this.#restedMs));
  }

  #begin(duty: number, nowMs: number): void {
    this.#since = { wallMs: nowMs, spentMs: this.#spentMs(nowMs), duty };
  }

  #spentMs(nowMs: number): number {
    return this.#clocks.cpuMs?.() ?? nowMs - this.#restedMs;
  }

  #duty(): number {
    return Atomics.load(this.#words, PACE_WORDS.dutyPermille);
  }
}

/** `(module (import "m" "f" (func)) (export "f" (func 0)))`: tables take functions of WebAssembly only, and what is imported and exported again is one. */
const PASS_ON = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 109, 1, 102, 0, 0, 7, 5, 1, 1, 102, 0, 0);
let passOn: WebAssembly.Module | null = null;

function toWasmFunction(call: () => void): WebAssembly.ExportValue {
  passOn ??= new WebAssembly.Module(PASS_ON);
  return new WebAssembly.Instance(passOn, { m: { f: call } }).exports.f as WebAssembly.ExportValue;
}
