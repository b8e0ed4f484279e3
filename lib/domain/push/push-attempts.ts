const FIRST_RETRY_MS = 30_000;
const RETRY_FACTOR = 4;
/** A service may ask to be left alone for longer than we would, within reason. */
const ASKED_MS_MAX = 6 * 3_600_000;

/** Seven attempts span eleven hours; afterwards the feed alone tells. */
export const PUSH_ATTEMPTS_MAX = 7;

/**
 * | outcome | means |
 * |---|---|
 * | sent | the service took it |
 * | gone | the subscription has ended: forget it |
 * | later | the service is busy, broken or out of reach: try again |
 * | refused | trying again would be answered alike |
 */
export type PushOutcome = "sent" | "gone" | "later" | "refused";

/** What the answer of a push service means; `status` is null where none came. A redirect is refused: only the operator says whom the server calls. */
export function decidePushOutcome(status: number | null): PushOutcome {
  if (status === null || status === 408 || status === 425 || status === 429 || status >= 500) return "later";
  if (status === 404 || status === 410) return "gone";
  return status >= 200 && status < 300 ? "sent" : "refused";
}

/** How long after its `attempt`-th attempt (from 1) a message is tried again, in milliseconds: four times as long each time, and not before the service asked. */
export function pushRetryMs(attempt: number, askedMs = 0): number {
  return Math.max(FIRST_RETRY_MS * RETRY_FACTOR ** (attempt - 1), Math.min(askedMs, ASKED_MS_MAX));
}
