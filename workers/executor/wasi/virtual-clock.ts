import { wasi } from "@bjorn3/browser_wasi_shim";

/** What every program reads as the time of its start: 2026-01-01T00:00:00Z in nanoseconds. */
const EPOCH_NS = 1_767_225_600_000_000_000n;
/** How far the time moves with every look at it; also its resolution. */
const STEP_NS = 1000n;
const TIME_NS_MAX = 0xffff_ffff_ffff_ffffn;
const CLOCK_ID_MAX = wasi.CLOCKID_THREAD_CPUTIME_ID;

/** A clock that knows no real time: it moves by one microsecond per call, and by as much as a program wants to sleep. */
export interface VirtualClock {
  /** The time after one more step, or null for a clock that does not exist. */
  read(clockId: number): bigint | null;
  /** The resolution, or null for a clock that does not exist. */
  resolution(clockId: number): bigint | null;
  /** Where the time stands, without a step. */
  peek(clockId: number): bigint | null;
  /** Moves the time forward; sleeping costs nothing. */
  advance(byNs: bigint): void;
}

export function createVirtualClock(): VirtualClock {
  let elapsedNs = 0n;
  const startOf = (clockId: number): bigint => (clockId === wasi.CLOCKID_REALTIME ? EPOCH_NS : 0n);
  const peek = (clockId: number): bigint | null => (clockId > CLOCK_ID_MAX ? null : startOf(clockId) + elapsedNs);
  const advance = (byNs: bigint): void => {
    elapsedNs = elapsedNs + byNs > TIME_NS_MAX - EPOCH_NS ? TIME_NS_MAX - EPOCH_NS : elapsedNs + byNs;
  };
  return {
    peek,
    advance,
    read(clockId) {
      advance(STEP_NS);
      return peek(clockId);
    },
    resolution: (clockId) => (clockId > CLOCK_ID_MAX ? null : STEP_NS),
  };
}
