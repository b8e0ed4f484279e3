import { type Api, type CallOptions, createApi } from "#lib/client/api/api.ts";
import { createChallenge } from "#lib/protocol/accounts/accounts.ts";
import { deviceStatement, registerDevice } from "#lib/protocol/devices/devices.ts";
import type { Endpoint, InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { ShownVersions } from "#lib/protocol/legal/legal.ts";
import { type DeviceKey, describeDeviceKey, signStatement } from "./device-key.ts";

/** A token is renewed when less than this is left of it, whatever the two clocks say about each other. */
const RENEW_BEFORE_MS = 60_000;
const TOKEN_LIFE_MS_MAX = 600_000;

export type DeviceOptions = {
  /** The instance's origin, which its challenges must name. */
  baseUrl: string;
  key: DeviceKey;
  kind: "browser" | "headless";
  cores: number;
  /** A one-time code that makes this key trusted, or has it check its owner's jobs. */
  enrolmentCode?: string | undefined;
  /** Shows the texts that lending agrees to, or says which were shown; called once, before the first registration that succeeds. */
  agree?: ((signal: AbortSignal) => Promise<ShownVersions>) | undefined;
  /** Bytes of bodies that were sent or received. */
  onBytes?: ((bytes: number) => void) | undefined;
};
export type DeviceSession = { deviceId: string; trusted: boolean; checksOwnJobs: boolean; token: string; renewAtMs: number };

/** Calls in a device's name. */
export type DeviceCalls = {
  /** Signs in with the key, whether or not a token is at hand. */
  signIn(signal: AbortSignal): Promise<DeviceSession>;
  /** The present session; null before the first one. */
  session(): DeviceSession | null;
  /** Makes a call with a token that holds, which is renewed whenever it runs out. */
  call<E extends Endpoint>(endpoint: E, input: InputOf<E>, options: CallOptions & { signal: AbortSignal }): Promise<OutputOf<E>>;
};

/** The calls of a device that signs in with its key, and again whenever its token runs out. */
export function createDeviceCalls(options: DeviceOptions): DeviceCalls {
  const { baseUrl, key, kind, cores } = options;
  let { enrolmentCode } = options;
  let consent: ShownVersions | undefined;
  let isRegistered = false;
  let session: DeviceSession | null = null;
  let renewal: Promise<DeviceSession> | null = null;
  const counted = countingFetch(options.onBytes);
  const open: Api = createApi({ baseUrl, fetch: counted });
  const api: Api = createApi({ baseUrl, fetch: counted, token: async () => session?.token ?? null });

  async function register(signal: AbortSignal): Promise<DeviceSession> {
    if (!isRegistered) consent ??= await options.agree?.(signal);
    const challenge = await open.call(createChallenge, { purpose: "device" }, { signal });
    // Signing for another origin would let one instance use this key at a second one.
    if (challenge.origin !== baseUrl)
      throw new ApiError("signature_invalid", { problem: `the instance at ${baseUrl} calls itself ${challenge.origin}; use that address` });
    const { publicKey, thumbprint } = await describeDeviceKey(key);
    const signature = await signStatement(key, deviceStatement(challenge, thumbprint));
    const askedAtMs = performance.now();
    const input = { publicKey, nonce: challenge.nonce, signature, kind, cores, enrolmentCode, consent };
    const device = await open.call(registerDevice, input, { signal });
    // A code works once; what it did stays with the key. A text that changes meanwhile does not end a run.
    isRegistered = true;
    enrolmentCode = undefined;
    consent = undefined;
    const lifeMs = Math.min(TOKEN_LIFE_MS_MAX, Math.max(2 * RENEW_BEFORE_MS, Date.parse(device.expiresAt) - Date.now()));
    return { ...device, renewAtMs: askedAtMs + lifeMs - RENEW_BEFORE_MS };
  }

  async function renew(signal: AbortSignal): Promise<DeviceSession> {
    renewal ??= register(signal).finally(() => {
      renewal = null;
    });
    session = await renewal;
    return session;
  }

  return {
    signIn: renew,
    session: () => session,
    async call(endpoint, input, callOptions) {
      const { signal } = callOptions;
      if (!session || performance.now() >= session.renewAtMs) await renew(signal);
      try {
        return await api.call(endpoint, input, callOptions);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "unauthenticated") throw error;
        await renew(signal);
        return await api.call(endpoint, input, callOptions);
      }
    },
  };
}

/** Counts what calls send, and what they receive as far as the instance says how much that is. */
function countingFetch(onBytes: (bytes: number) => void = () => undefined): typeof fetch {
  return async (input, init) => {
    if (typeof init?.body === "string") onBytes(init.body.length);
    const response = await fetch(input, init);
    onBytes(Number(response.headers.get("content-length") ?? 0));
    return response;
  };
}
