import "server-only";
import { calculateJwkThumbprint } from "jose";
import { deviceStatement, type registerDevice as registerDeviceEndpoint } from "#lib/protocol/devices/devices.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { consumeChallenge } from "../accounts/consume-challenge.ts";
import { hashSecret } from "../accounts/keys/key-secret.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { newId } from "../ids.ts";
import { checkDeviceSignature } from "./device-signature.ts";
import { type RegisteredDevice, type Registration, trustDevice, upsertDevice } from "./device-store.ts";
import { signDeviceToken } from "./device-token.ts";
import { takeEnrolment } from "./enrolment-store.ts";

type Endpoint = typeof registerDeviceEndpoint;

/**
 * Registers a device by its key, or renews the token of a known one. The challenge is used up even by a request that is refused. A code that is not good
 * refuses the whole registration, so that nobody computes as an ordinary device by mistake.
 */
export async function registerDevice(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { publicKey, nonce, kind, cores, enrolmentCode } = input;
  await consumeChallenge(ctx, nonce, "device");
  const thumbprint = await calculateJwkThumbprint(publicKey, "sha256");
  await checkDeviceSignature(publicKey, deviceStatement({ origin: ctx.config.origin, nonce }, thumbprint), input.signature);
  const registration: Registration = { id: newId("dev"), thumbprint, publicKey, kind, cores, at: ctx.clock.now() };
  const device = await transaction(ctx.db, (tx) => saveDevice(tx, registration, enrolmentCode));
  const { token, expiresAt } = await signDeviceToken(ctx, { deviceId: device.id, voterId: device.voterId, trusted: device.trusted, thumbprint });
  return { deviceId: device.id, token, expiresAt: expiresAt.toISOString(), trusted: device.trusted };
}

async function saveDevice(tx: Tx, registration: Registration, enrolmentCode: string | undefined): Promise<RegisteredDevice> {
  const device = await upsertDevice(tx, registration);
  if (!device) throw new ApiError("device_revoked");
  if (enrolmentCode === undefined) return device;
  const trustedBy = await takeEnrolment(tx, { codeHash: hashSecret(enrolmentCode), deviceId: device.id, now: registration.at });
  if (!trustedBy) throw new ApiError("enrolment_unknown");
  if (!device.trusted) await trustDevice(tx, device.id, trustedBy);
  return { ...device, trusted: true };
}
