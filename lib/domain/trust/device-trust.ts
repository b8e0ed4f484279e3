/**
 * What is known of a device.
 *
 * | stage | meaning | leaves to |
 * |---|---|---|
 * | active | its results are accepted and checked by lot | watched when a result is proven wrong |
 * | watched | every result is verified; the device is not told yet, so that how wrong it is can be learnt | active with nothing behind it, or burned |
 * | burned | nothing it reports counts | – |
 */
export type DeviceTrust = {
  stage: "active" | "watched" | "burned";
  /** Accepted first replicas since the last proven wrong one, those of long ago in part. */
  age: number;
  /** Of its replicas, those that an independent device or a trusted one confirmed, those of long ago in part. */
  agreed: number;
  /** Times it was found out; each watch counts once. */
  strikes: number;
  /** Results still to be verified before the watch ends. */
  watchLeft: number;
};

/**
 * What can happen to a device. A timeout, running out of memory, a lost grant or a closed tab are not here: they say nothing about whether it computes
 * rightly, so they cost no trust.
 */
export type TrustEvent =
  | { kind: "accepted" }
  | { kind: "agreed" }
  | { kind: "doubted" }
  | { kind: "refuted"; isCoordinated: boolean }
  | { kind: "watched" }
  | { kind: "watch_ended" };

/** Results verified after a first proven wrong one: a broken device shows itself as broken, one that cheated once does not. */
export const WATCH_RESULTS = 100;

/** A device that was found out this often is never believed again. */
const STRIKES_MAX = 2;

/** Trust halves with every such time: hardware and owners change. */
const TRUST_HALF_LIFE_MS = 30 * 24 * 3_600_000;
const FADE_STEP_MS = 24 * 3_600_000;

/** A device nobody knows anything about. */
export const UNKNOWN_DEVICE: Readonly<DeviceTrust> = { stage: "active", age: 0, agreed: 0, strikes: 0, watchLeft: 0 };

/**
 * The state after an event, in constant time.
 *
 * `accepted` and `agreed` raise trust by one; `doubted` (a newcomer's disagreement that nobody settled) takes its agreements; `refuted` (a trusted device
 * found it wrong) starts a watch, and burns at once when the wrong answer equals another device's wrong answer, which chance does not do. Nothing makes a
 * burned device anything else.
 */
export function foldTrust(trust: DeviceTrust, event: TrustEvent): DeviceTrust {
  if (trust.stage === "burned") return trust;
  switch (event.kind) {
    case "accepted":
      return { ...trust, age: trust.age + 1 };
    case "agreed":
      return { ...trust, agreed: trust.agreed + 1 };
    case "doubted":
      return { ...trust, agreed: 0 };
    case "watched":
      return trust.stage === "watched" ? { ...trust, watchLeft: Math.max(0, trust.watchLeft - 1) } : trust;
    case "watch_ended":
      return trust.stage === "watched" ? { ...trust, stage: trust.strikes >= STRIKES_MAX ? "burned" : "active", watchLeft: 0 } : trust;
    case "refuted":
      return refuted(trust, event.isCoordinated);
  }
}

function refuted(trust: DeviceTrust, isCoordinated: boolean): DeviceTrust {
  if (isCoordinated) return { stage: "burned", age: 0, agreed: 0, strikes: trust.strikes + 1, watchLeft: 0 };
  if (trust.stage === "watched") return { ...trust, age: 0, agreed: 0 };
  return { stage: "watched", age: 0, agreed: 0, strikes: trust.strikes + 1, watchLeft: WATCH_RESULTS };
}

/**
 * Age and agreements halve every 30 days, strikes and stage stay. They fade in steps of whole days since `fadedAt`, in milliseconds, and keep their fractions: what is left
 * depends on the days that passed and not on how often somebody looked. Returns up to when they have faded, which is where the next look goes on from.
 */
export function fadeTrust(known: { trust: DeviceTrust; fadedAt: number }, now: number): { trust: DeviceTrust; fadedAt: number } {
  const { trust, fadedAt } = known;
  const days = Math.max(0, Math.floor((now - fadedAt) / FADE_STEP_MS));
  const left = 0.5 ** ((days * FADE_STEP_MS) / TRUST_HALF_LIFE_MS);
  return { trust: { ...trust, age: trust.age * left, agreed: trust.agreed * left }, fadedAt: fadedAt + days * FADE_STEP_MS };
}
