import { ApiError } from "#lib/protocol/errors.ts";
import { OfflineError } from "./api.ts";

const ATTEMPTS_MAX = 6;
const FIRST_WAIT_MS = 500;
const WAIT_MS_MAX = 15_000;

/** Repeats a call whose answer was lost or refused for now, with rising pauses, for about half a minute. Only for calls that may arrive twice. */
export async function withRetries<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!mayPass(error) || attempt === ATTEMPTS_MAX) throw error;
      await sleep(waitOf(error, attempt), signal);
    }
  }
}

/** Whether the same request may succeed later. */
export function mayPass(error: unknown): boolean {
  if (error instanceof OfflineError) return true;
  return error instanceof ApiError && (error.code === "rate_limited" || error.code === "unavailable" || error.code === "internal");
}

/** Milliseconds to wait before the next attempt; as long as the instance says, where it says so. */
export function waitOf(error: unknown, attempt: number): number {
  if (error instanceof ApiError && typeof error.params.seconds === "number") return error.params.seconds * 1000;
  return Math.min(WAIT_MS_MAX, FIRST_WAIT_MS * 2 ** (attempt - 1));
}

/** Waits; an abort ends the wait with the caller's own reason. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
