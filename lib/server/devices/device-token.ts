import "server-only";
import { createSecretKey, type KeyObject } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { JOSEError } from "jose/errors";
import { z } from "zod";
import type { AccountId, DeviceId } from "#lib/domain/ids.ts";
import { idField } from "#lib/protocol/fields.ts";
import type { Config } from "../config/config.ts";
import type { Services } from "../context.ts";
import { deriveSecret } from "../secrets.ts";

export const DEVICE_TOKEN_TTL_MS = 10 * 60_000;
const TYPE = "shoal-device+jwt";
const ALGORITHM = "HS256";

export type DeviceClaims = {
  deviceId: DeviceId;
  /** UUID that counts as one voter, as PostgreSQL prints it. */
  voterId: string;
  trusted: boolean;
  /** The account whose jobs it checks, computing for nobody; absent for all others. */
  checksFor?: AccountId | undefined;
  /** RFC 7638 thumbprint of the device's key. */
  thumbprint: string;
};

const claimSet = z.object({ sub: idField("dev"), voter: z.uuid(), trusted: z.boolean(), checks: idField("acc").optional(), jkt: z.string(), exp: z.int() });

type Source = Pick<Services, "clock" | "config">;

/** A token of ten minutes that says who a device is; no database is needed to read it. */
export async function signDeviceToken({ clock, config }: Source, claims: DeviceClaims): Promise<{ token: string; expiresAt: Date }> {
  const issuedAtS = Math.floor(clock.now().getTime() / 1000);
  const expiresAtS = issuedAtS + DEVICE_TOKEN_TTL_MS / 1000;
  const { deviceId, voterId, trusted, checksFor, thumbprint } = claims;
  const body: Omit<z.input<typeof claimSet>, "exp"> = { sub: deviceId, voter: voterId, trusted, ...(checksFor ? { checks: checksFor } : {}), jkt: thumbprint };
  const token = await new SignJWT(body)
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setIssuer(config.origin)
    .setIssuedAt(issuedAtS)
    .setExpirationTime(expiresAtS)
    .sign(secretOf(config));
  return { token, expiresAt: new Date(expiresAtS * 1000) };
}

type Verified = { claims: DeviceClaims; expiresAtMs: number };
/** Tokens whose signature was found right, by their whole text: a device shows the same one with every exchange of its ten minutes. */
const verified = new WeakMap<Config, Map<string, Verified>>();
const VERIFIED_MAX = 20_000;

/** What a token of this instance says, or null if it is not one, was changed, or has expired. Does not know of revocations. */
export async function readDeviceToken({ clock, config }: Source, token: string): Promise<DeviceClaims | null> {
  const known = verified.get(config) ?? new Map<string, Verified>();
  verified.set(config, known);
  const held = known.get(token);
  if (held) return held.expiresAtMs > clock.now().getTime() ? held.claims : null;
  const read = await verifyDeviceToken({ clock, config }, token);
  if (!read) return null;
  if (known.size >= VERIFIED_MAX) known.clear();
  known.set(token, read);
  return read.claims;
}

async function verifyDeviceToken({ clock, config }: Source, token: string): Promise<Verified | null> {
  try {
    const { payload } = await jwtVerify(token, secretOf(config), {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: config.origin,
      requiredClaims: ["exp"],
      currentDate: clock.now(),
    });
    const { sub, voter, trusted, checks, jkt, exp } = claimSet.parse(payload);
    return { claims: { deviceId: sub, voterId: voter, trusted, checksFor: checks, thumbprint: jkt }, expiresAtMs: exp * 1000 };
  } catch (error) {
    if (error instanceof JOSEError || error instanceof z.ZodError) return null;
    throw error;
  }
}

const secrets = new WeakMap<Config, KeyObject>();

/** Derived once per process: every exchange reads a token. */
function secretOf(config: Config): KeyObject {
  const secret = secrets.get(config) ?? createSecretKey(deriveSecret(config.sessionSecret, "device-token"));
  secrets.set(config, secret);
  return secret;
}
