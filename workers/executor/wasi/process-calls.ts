import { wasi } from "@bjorn3/browser_wasi_shim";
import type { Descriptors } from "./descriptor-calls.ts";
import { bytesOf, type GuestMemory, viewOf } from "./guest-memory.ts";
import type { RandomFill } from "./seeded-random.ts";
import type { VirtualClock } from "./virtual-clock.ts";

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;

/** What a program is told of its surroundings. Strings are UTF-8 without the closing zero. */
export interface ProcessSurroundings {
  args: readonly Uint8Array[];
  env: readonly Uint8Array[];
  clock: VirtualClock;
  fillRandom: RandomFill;
  descriptors: Descriptors;
}

/** The calls on arguments, environment, clocks, random bytes and waiting: the same for every run of a shard, on every machine. */
export function createProcessCalls(surroundings: ProcessSurroundings, guest: GuestMemory) {
  const { args, env, clock, fillRandom } = surroundings;
  const writeTime = (pointer: number, time: bigint | null): number => {
    if (time === null) return wasi.ERRNO_INVAL;
    viewOf(guest).setBigUint64(pointer, time, true);
    return wasi.ERRNO_SUCCESS;
  };
  return {
    args_sizes_get: (count: number, size: number) => writeStringSizes(guest, args, { count, size }),
    args_get: (pointers: number, content: number) => writeStrings(guest, args, { pointers, content }),
    environ_sizes_get: (count: number, size: number) => writeStringSizes(guest, env, { count, size }),
    environ_get: (pointers: number, content: number) => writeStrings(guest, env, { pointers, content }),
    clock_res_get: (clockId: number, out: number) => writeTime(out, clock.resolution(clockId)),
    clock_time_get: (clockId: number, _precision: bigint, out: number) => writeTime(out, clock.read(clockId)),
    random_get(pointer: number, length: number): number {
      fillRandom(bytesOf(guest).subarray(pointer, pointer + length));
      return wasi.ERRNO_SUCCESS;
    },
    sched_yield: () => wasi.ERRNO_SUCCESS,
    proc_raise: () => wasi.ERRNO_NOTSUP,
    poll_oneoff(subscriptions: number, events: number, count: number, out: number): number {
      if (count === 0) return wasi.ERRNO_INVAL;
      return poll({ subscriptions, events, count, out }, surroundings, viewOf(guest));
    },
    sock_accept: () => wasi.ERRNO_NOTSUP,
    sock_recv: () => wasi.ERRNO_NOTSUP,
    sock_send: () => wasi.ERRNO_NOTSUP,
    sock_shutdown: () => wasi.ERRNO_NOTSUP,
  };
}

function writeStringSizes(guest: GuestMemory, strings: readonly Uint8Array[], at: { count: number; size: number }): number {
  const view = viewOf(guest);
  view.setUint32(at.count, strings.length, true);
  view.setUint32(
    at.size,
    strings.reduce((bytes, string) => bytes + string.length + 1, 0),
    true,
  );
  return wasi.ERRNO_SUCCESS;
}

function writeStrings(guest: GuestMemory, strings: readonly Uint8Array[], at: { pointers: number; content: number }): number {
  const view = viewOf(guest);
  const bytes = bytesOf(guest);
  let { pointers, content } = at;
  for (const string of strings) {
    view.setUint32(pointers, content, true);
    bytes.set(string, content);
    view.setUint8(content + string.length, 0);
    pointers += 4;
    content += string.length + 1;
  }
  return wasi.ERRNO_SUCCESS;
}

interface PollRequest {
  subscriptions: number;
  events: number;
  count: number;
  out: number;
}

/**
 * Files are always ready, so a wait that includes one ends at once. A wait for clocks alone moves the virtual time to the earliest of them:
 * sleeping costs nothing. The layout is that of wasi_snapshot_preview1's subscription and event.
 */
function poll(request: PollRequest, surroundings: ProcessSurroundings, view: DataView): number {
  const waitNs = findWait(request, surroundings.clock, view);
  if (waitNs !== null && waitNs > 0n) surroundings.clock.advance(waitNs);
  // Which clocks ring is decided from the time that was left when the wait began: reading again would count relative times twice.
  const passedNs = waitNs ?? 0n;
  let events = 0;
  for (let index = 0; index < request.count; index += 1) {
    const subscription = request.subscriptions + index * SUBSCRIPTION_BYTES;
    const error = findEventError({ subscription, passedNs }, surroundings, view);
    if (error === null) continue;
    writeEvent(view, { subscription, event: request.events + events * EVENT_BYTES, error });
    events += 1;
  }
  view.setUint32(request.out, events, true);
  return wasi.ERRNO_SUCCESS;
}

function isClock(view: DataView, subscription: number): boolean {
  return view.getUint8(subscription + 8) === wasi.EVENTTYPE_CLOCK;
}

/** How long the time must move until something happens; null when a file is among what is waited for. */
function findWait(request: PollRequest, clock: VirtualClock, view: DataView): bigint | null {
  let shortest: bigint | null = null;
  for (let index = 0; index < request.count; index += 1) {
    const subscription = request.subscriptions + index * SUBSCRIPTION_BYTES;
    if (!isClock(view, subscription)) return null;
    const left = timeLeft(clock, view, subscription) ?? 0n;
    if (shortest === null || left < shortest) shortest = left;
  }
  return shortest;
}

/** Nanoseconds until a clock subscription rings, 0 when it is due; null for a clock that does not exist. */
function timeLeft(clock: VirtualClock, view: DataView, subscription: number): bigint | null {
  const now = clock.peek(view.getUint32(subscription + 16, true));
  if (now === null) return null;
  const timeout = view.getBigUint64(subscription + 24, true);
  const isAbsolute = (view.getUint16(subscription + 40, true) & wasi.SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME) !== 0;
  if (!isAbsolute) return timeout;
  return timeout > now ? timeout - now : 0n;
}

/** The errno of the event that a subscription has now, or null when it has none. */
function findEventError(wait: { subscription: number; passedNs: bigint }, { clock, descriptors }: ProcessSurroundings, view: DataView): number | null {
  const { subscription, passedNs } = wait;
  if (!isClock(view, subscription)) {
    return descriptors[view.getUint32(subscription + 16, true)] === undefined ? wasi.ERRNO_BADF : wasi.ERRNO_SUCCESS;
  }
  const isAbsolute = (view.getUint16(subscription + 40, true) & wasi.SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME) !== 0;
  const left = timeLeft(clock, view, subscription);
  if (left === null) return wasi.ERRNO_INVAL;
  return left <= (isAbsolute ? 0n : passedNs) ? wasi.ERRNO_SUCCESS : null;
}

function writeEvent(view: DataView, { subscription, event, error }: { subscription: number; event: number; error: number }): void {
  const userdata = view.getBigUint64(subscription, true);
  const type = view.getUint8(subscription + 8);
  for (let offset = 0; offset < EVENT_BYTES; offset += 8) view.setBigUint64(event + offset, 0n, true);
  view.setBigUint64(event, userdata, true);
  view.setUint16(event + 8, error, true);
  view.setUint8(event + 10, type);
}
