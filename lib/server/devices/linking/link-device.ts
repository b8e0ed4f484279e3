import "server-only";
import { calculateJwkThumbprint } from "jose";
import type { Hex } from "viem";
import { getAddress } from "viem/utils";
import { type linkDevice as linkDeviceEndpoint, linkStatement } from "#lib/protocol/devices/devices-of-account.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { consumeChallenge } from "../../accounts/consume-challenge.ts";
import { isSignedByWallet } from "../../accounts/wallet-signature.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { transaction } from "../../db/transaction.ts";
import { type AccountPrincipal, requireSession, requireWallet } from "../../principal.ts";
import { checkDeviceSignature } from "../device-signature.ts";
import { countLinkedDevices, type LinkedDevice, lockDeviceByKey, setLink } from "./linked-device-store.ts";
import { viewDevice } from "./view-device.ts";

type Endpoint = typeof linkDeviceEndpoint;
const DEVICES_MAX = 500;

/**
 * Links a device to the account of the session, once device and wallet have signed the same statement. The challenge is used up in any case. A device of
 * somebody else is `conflict`: whoever it belongs to unlinks it first. Linking again changes nothing.
 */
export async function linkDevice(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const account = requireSession(ctx.principal);
  const address = requireWallet(account);
  const { publicKey, nonce } = input;
  await consumeChallenge(ctx, nonce, "link");
  const thumbprint = await calculateJwkThumbprint(publicKey, "sha256");
  const statement = linkStatement({ origin: ctx.config.origin, nonce }, { thumbprint, address });
  await checkDeviceSignature(publicKey, statement, input.deviceSignature);
  const signed = { address: getAddress(address), message: statement, signature: input.walletSignature as Hex };
  if (!(await isSignedByWallet(ctx.config.chain, signed)))
    throw new ApiError("signature_invalid", { problem: "the wallet of your account did not sign the statement" });
  const device = await transaction(ctx.db, (tx) => saveLink(tx, account, { thumbprint, at: ctx.clock.now() }));
  return { device: await viewDevice(ctx, device) };
}

async function saveLink(tx: Tx, { accountId }: AccountPrincipal, link: { thumbprint: string; at: Date }): Promise<LinkedDevice> {
  const device = await lockDeviceByKey(tx, link.thumbprint);
  if (!device) throw new ApiError("not_found", { what: "device" });
  if (device.accountId === accountId) return device;
  if (device.accountId !== null) throw new ApiError("conflict", { problem: "the device belongs to another account, which has to unlink it first" });
  if (device.revokedAt !== null) throw new ApiError("device_revoked");
  if ((await countLinkedDevices(tx, accountId)) >= DEVICES_MAX) throw new ApiError("conflict", { problem: `an account can have ${DEVICES_MAX} devices` });
  await setLink(tx, { deviceId: device.id, accountId, at: link.at });
  return { ...device, accountId, linkedAt: link.at };
}
