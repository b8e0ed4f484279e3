import type { DeviceId } from "#lib/domain/ids.ts";
import { createChallenge } from "#lib/protocol/accounts/accounts.ts";
import { deviceStatement, registerDevice } from "#lib/protocol/devices/devices.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Api } from "./api.ts";
import { type DeviceKey, publicKeyOf, signStatement, thumbprintOf } from "./device-key.ts";

const RENEW_AHEAD_MS = 60_000;
const TOKEN_LIFE_MAX_MS = 10 * 60_000;
const TOKEN_LIFE_MIN_MS = 2 * 60_000;

export type DeviceSessionOptions = {
  /** Calls without a token of their own: registration is public. */
  api: Api;
  key: DeviceKey;
  kind: "browser" | "headless";
  cores: number;
  /** An operator's one-time code; sent until one registration succeeds. */
  enrolmentCode?: string | undefined;
  /** The instance's origin as this device knows it. A challenge for another is not signed, so that no instance can use this key at a second one. */
  origin?: string | undefined;
  now?: () => number;
};

export type DeviceGrant = { deviceId: DeviceId; trusted: boolean; token: string };

export type DeviceSession = {
  /** A token that holds for at least a minute; registers or renews where there is none. Calls at the same moment share one registration. */
  token(signal?: AbortSignal): Promise<string>;
  deviceId(signal?: AbortSignal): Promise<DeviceId>;
  /** The whole answer of the registration that holds now. */
  open(signal?: AbortSignal): Promise<DeviceGrant>;
  /** What is held now, without asking anybody; null before the first registration and after `forget`. */
  current(): DeviceGrant | null;
  /** Drops the token, because the instance refused it; the next call registers anew. */
  forget(): void;
};

/** Keeps a device registered by its key. Errors are the instance's own (`device_revoked`, `enrolment_unknown`…), or an OfflineError. */
export function createDeviceSession(options: DeviceSessionOptions): DeviceSession {
  const now = options.now ?? Date.now;
  let held: { grant: DeviceGrant; renewAtMs: number } | null = null;
  let opening: Promise<DeviceGrant> | null = null;
  let { enrolmentCode } = options;

  const renew = async () => {
    const startedAtMs = now();
    const { expiresAt, ...grant } = await register(options, enrolmentCode);
    enrolmentCode = undefined;
    held = { grant, renewAtMs: startedAtMs + lifeOf(expiresAt, startedAtMs) - RENEW_AHEAD_MS };
    return grant;
  };
  const open: DeviceSession["open"] = async (signal) => {
    signal?.throwIfAborted();
    if (held && now() < held.renewAtMs) return held.grant;
    opening ??= renew().finally(() => {
      opening = null;
    });
    return await unlessAborted(opening, signal);
  };
  return {
    open,
    token: async (signal) => (await open(signal)).token,
    deviceId: async (signal) => (await open(signal)).deviceId,
    current: () => held?.grant ?? null,
    forget: () => {
      held = null;
    },
  };
}

async function register(options: DeviceSessionOptions, enrolmentCode: string | undefined): Promise<DeviceGrant & { expiresAt: string }> {
  const { api, key, kind, cores } = options;
  const challenge = await api.call(createChallenge, { purpose: "device" });
  if (options.origin !== undefined && challenge.origin !== options.origin) {
    throw new ApiError("signature_invalid", { problem: `the instance at ${options.origin} calls itself ${challenge.origin}; use that address` });
  }
  const publicKey = await publicKeyOf(key);
  const signature = await signStatement(key, deviceStatement(challenge, await thumbprintOf(publicKey)));
  return await api.call(registerDevice, { publicKey, nonce: challenge.nonce, signature, kind, cores, enrolmentCode });
}

/** How long the token lives, counted from here: a clock that is wrong must neither renew at every call nor keep what has long expired. */
function lifeOf(expiresAt: string, nowMs: number): number {
  return Math.min(TOKEN_LIFE_MAX_MS, Math.max(TOKEN_LIFE_MIN_MS, Date.parse(expiresAt) - nowMs));
}

/** One caller that gives up does not end the registration that others wait for. */
async function unlessAborted<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await shared;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([shared, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
