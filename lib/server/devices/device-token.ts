import "server-only";
import { createSecretKey, type KeyObject } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { JOSEError } from "jose/errors";
import { z } from "zod";
import type { DeviceId } from "#lib/domain/ids.ts";
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
  /** RFC 7638 thumbprint of the device's key. */
  thumbprint: string;
};

const claimSet = z.object({ sub: idField("dev"), voter: z.uuid(), trusted: z.boolean(), jkt: z.string() });

type Source = Pick<Services, "clock" | "config">;

/** A token of ten minutes that says who a device is; no database is needed to read it. */
export async function signDeviceToken({ clock, config }: Source, claims: DeviceClaims): Promise<{ token: string; expiresAt: Date }> {
  const issuedAtS = Math.floor(clock.now().getTime() / 1000);
  const expiresAtS = issuedAtS + DEVICE_TOKEN_TTL_MS / 1000;
  const body: z.input<typeof claimSet> = { sub: claims.deviceId, voter: claims.voterId, trusted: claims.trusted, jkt: claims.thumbprint };
  const token = await new SignJWT(body)
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setIssuer(config.origin)
    .setIssuedAt(issuedAtS)
    .setExpirationTime(expiresAtS)
    .sign(secretOf(config));
  return { token, expiresAt: new Date(expiresAtS * 1000) };
}

/** What a token of this instance says, or null if it is not one, was changed, or has expired. Does not know of revocations. */
export async function readDeviceToken({ clock, config }: Source, token: string): Promise<DeviceClaims | null> {
  try {
    const { payload } = await jwtVerify(token, secretOf(config), {
      algorithms: [ALGORITHM],
      typ: TYPE,
      issuer: config.origin,
      requiredClaims: ["exp"],
      currentDate: clock.now(),
    });
    const { sub, voter, trusted, jkt } = claimSet.parse(payload);
    return { deviceId: sub, voterId: voter, trusted, thumbprint: jkt };
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
