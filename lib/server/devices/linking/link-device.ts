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
import { type AccountPrincipal, requireFreshSession, requireSession } from "../../principal.ts";
import { checkDeviceSignature } from "../device-signature.ts";
import { countLinkedDevices, type LinkedDevice, lockDeviceByKey, setLink } from "./linked-device-store.ts";
import { viewDevice } from "./view-device.ts";

type Endpoint = typeof linkDeviceEndpoint;
const DEVICES_MAX = 500;

/**
 * Links a device to the account of the session, once device and wallet have signed the same statement; for an account without a wallet a session of the last 15
 * minutes stands for its signature. The challenge is used up in any case. A device of somebody else is `conflict`: whoever it belongs to unlinks it first. Linking again
 * changes nothing.
 */
export async function linkDevice(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const account = requireSession(ctx.principal);
  const { publicKey, nonce, walletSignature } = input;
  await consumeChallenge(ctx, nonce, "link");
  const thumbprint = await calculateJwkThumbprint(publicKey, "sha256");
  const statement = linkStatement({ origin: ctx.config.origin, nonce }, { thumbprint, address: account.address ?? account.accountId });
  await checkDeviceSignature(publicKey, statement, input.deviceSignature);
  if (account.address === null) requireFreshSession(account, ctx.clock.now());
  else await checkWallet(ctx, { address: account.address, statement, walletSignature });
  const device = await transaction(ctx.db, (tx) => saveLink(tx, account, { thumbprint, at: ctx.clock.now() }));
  return { device: await viewDevice(ctx, device) };
}

async function checkWallet({ config }: Context, signed: { address: string; statement: string; walletSignature: string | undefined }): Promise<void> {
  const { address, statement, walletSignature } = signed;
  const isSigned =
    walletSignature !== undefined &&
    (await isSignedByWallet(config.chain, { address: getAddress(address), message: statement, signature: walletSignature as Hex }));
  if (!isSigned) throw new ApiError("signature_invalid", { problem: "the wallet of your account did not sign the statement" });
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
