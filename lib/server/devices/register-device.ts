import "server-only";
import { calculateJwkThumbprint } from "jose";
import { deviceStatement, type registerDevice as registerDeviceEndpoint } from "#lib/protocol/devices/devices.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { consumeChallenge } from "../accounts/consume-challenge.ts";
import { hashSecret } from "../accounts/keys/key-secret.ts";
import { type AgreedText, checkVersions } from "../consent/check-versions.ts";
import { insertConsents } from "../consent/consent-store.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { newId } from "../ids.ts";
import { joinCluster } from "../trust/join-cluster.ts";
import { bindToOwner } from "./checking/checking-device-store.ts";
import { checkDeviceSignature } from "./device-signature.ts";
import { type RegisteredDevice, type Registration, trustDevice, upsertDevice } from "./device-store.ts";
import { signDeviceToken } from "./device-token.ts";
import { takeEnrolment } from "./enrolment-store.ts";

type Endpoint = typeof registerDeviceEndpoint;

/**
 * Registers a device by its key, or renews the token of a known one. The challenge is used up even by a request that is refused. A code that is not good
 * refuses the whole registration, so that nobody computes as an ordinary device by mistake; so does a text that has changed since it was shown.
 */
export async function registerDevice(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { publicKey, nonce, kind, cores, enrolmentCode } = input;
  await consumeChallenge(ctx, nonce, "device");
  const thumbprint = await calculateJwkThumbprint(publicKey, "sha256");
  await checkDeviceSignature(publicKey, deviceStatement({ origin: ctx.config.origin, nonce }, thumbprint), input.signature);
  const registration: Registration = { id: newId("dev"), thumbprint, publicKey, kind, cores, at: ctx.clock.now() };
  const texts = await checkVersions(ctx, input.consent ?? {});
  const device = await transaction(ctx.db, async (tx) => {
    const saved = await saveDevice(tx, registration, { enrolmentCode, texts });
    await place(tx, ctx, { saved, registration });
    return saved;
  });
  const { token, expiresAt } = await signDeviceToken(ctx, {
    deviceId: device.id,
    voterId: device.voterId,
    trusted: device.trusted,
    checksFor: device.checksFor ?? undefined,
    thumbprint,
  });
  return { deviceId: device.id, token, expiresAt: expiresAt.toISOString(), trusted: device.trusted, checksOwnJobs: device.checksFor !== null };
}

/** Puts an ordinary device into its cluster. A trusted one is the operator's, and stands beside whatever else is at its address; one that checks its owner's jobs computes for nobody. */
async function place(tx: Tx, ctx: Context, of: { saved: RegisteredDevice; registration: Registration }): Promise<void> {
  const { saved, registration } = of;
  if (saved.trusted || saved.checksFor !== null) return;
  await joinCluster(tx, ctx.config, {
    deviceId: saved.id,
    voterId: saved.voterId,
    hasAccount: saved.hasAccount,
    isNew: saved.id === registration.id,
    address: ctx.address ?? null,
    registeredAt: saved.createdAt,
    at: registration.at,
  });
}

type Presented = { enrolmentCode: string | undefined; texts: readonly AgreedText[] };

async function saveDevice(tx: Tx, registration: Registration, { enrolmentCode, texts }: Presented): Promise<RegisteredDevice> {
  const device = await upsertDevice(tx, registration);
  if (!device) throw new ApiError("device_revoked");
  await insertConsents(tx, { who: device.id, texts, at: registration.at });
  if (enrolmentCode === undefined) return device;
  const enrolled = await takeEnrolment(tx, { codeHash: hashSecret(enrolmentCode), deviceId: device.id, now: registration.at });
  if (!enrolled) throw new ApiError("enrolment_unknown");
  if (enrolled.checksFor !== null) {
    if (!(await bindToOwner(tx, device.id, enrolled.checksFor))) throw new ApiError("conflict", { problem: "this device has another duty; start another one" });
    return { ...device, checksFor: enrolled.checksFor };
  }
  if (device.checksFor !== null) throw new ApiError("conflict", { problem: "this device checks the jobs of its owner; start another one" });
  if (!device.trusted) await trustDevice(tx, device.id, enrolled.trustedBy);
  return { ...device, trusted: true };
}
