import { createApi } from "#lib/client/api/api.ts";
import { createChallenge } from "#lib/protocol/accounts/accounts.ts";
import { deviceStatement, registerDevice } from "#lib/protocol/devices/devices.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { exchange } from "#lib/protocol/exchange/exchange.ts";
import type { ShownVersions } from "#lib/protocol/legal/legal.ts";
import type { Connection } from "./connection.ts";
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
  /** An operator's one-time code that makes this key trusted. */
  enrolmentCode?: string | undefined;
  /** Shows the texts that lending agrees to, or says which were shown; called once, before the first registration that succeeds. */
  agree?: ((signal: AbortSignal) => Promise<ShownVersions>) | undefined;
  /** Bytes of bodies that were sent or received. */
  onBytes?: ((bytes: number) => void) | undefined;
};
type Session = { deviceId: string; trusted: boolean; token: string; renewAtMs: number };

/** The connection of a device that signs in with its key, and again whenever its token runs out. */
export function createDeviceConnection(options: DeviceOptions): Connection {
  const { baseUrl, key, kind, cores } = options;
  let { enrolmentCode } = options;
  let consent: ShownVersions | undefined;
  let isRegistered = false;
  let session: Session | null = null;
  let renewal: Promise<Session> | null = null;
  const counted = countingFetch(options.onBytes);
  const open = createApi({ baseUrl, fetch: counted });
  const api = createApi({ baseUrl, fetch: counted, token: async () => session?.token ?? null });

  async function register(signal: AbortSignal): Promise<Session> {
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

  async function renew(signal: AbortSignal): Promise<Session> {
    renewal ??= register(signal).finally(() => {
      renewal = null;
    });
    session = await renewal;
    return session;
  }

  return {
    async open(signal) {
      const { deviceId, trusted } = await renew(signal);
      return { deviceId, trusted };
    },
    async exchange(input, { signal, keepalive }) {
      if (!session || performance.now() >= session.renewAtMs) await renew(signal);
      try {
        return await api.call(exchange, input, { signal, keepalive });
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "unauthenticated") throw error;
        await renew(signal);
        return await api.call(exchange, input, { signal, keepalive });
      }
    },
    farewell(input) {
      if (!session) return null;
      const headers = { authorization: `Bearer ${session.token}`, "content-type": "application/json" };
      return { url: `${baseUrl}${exchange.path}`, headers, body: JSON.stringify(input) };
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
