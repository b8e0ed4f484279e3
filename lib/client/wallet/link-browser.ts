import { stringToHex } from "viem";
import type { AccountId } from "#lib/domain/ids.ts";
import { createChallenge } from "#lib/protocol/accounts/accounts.ts";
import { linkDevice, linkStatement, type MyDevice } from "#lib/protocol/devices/devices-of-account.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { describeDeviceKey, signStatement } from "#workers/volunteer/exchange/device-key.ts";
import { api } from "../queries/api.ts";
import { findDeviceKey } from "../volunteer/device-store.ts";
import type { AccountWallet } from "./account-wallet.ts";
import { readChainError } from "./chain-problem.ts";

/**
 * Links this browser's device to the account: its key and the wallet both sign one text over one challenge. An account without a wallet is given by its id, and then
 * the key signs alone. Throws ChainError or ApiError.
 */
export async function linkBrowser(account: AccountWallet | AccountId): Promise<MyDevice> {
  try {
    const key = await findDeviceKey();
    if (!key) throw new ApiError("not_found", { what: "device" });
    const challenge = await api.call(createChallenge, { purpose: "link" });
    if (challenge.origin !== window.location.origin) throw new ApiError("wrong_origin");
    const { publicKey, thumbprint } = await describeDeviceKey(key);
    const statement = linkStatement(challenge, { thumbprint, address: typeof account === "string" ? account : account.address });
    const deviceSignature = await signStatement(key, statement);
    const signed = { publicKey, nonce: challenge.nonce, deviceSignature };
    if (typeof account === "string") return (await api.call(linkDevice, signed)).device;
    const { provider, address } = account;
    const walletSignature = (await provider.request({ method: "personal_sign", params: [stringToHex(statement), address] })) as string;
    return (await api.call(linkDevice, { ...signed, walletSignature })).device;
  } catch (error) {
    throw readChainError(error);
  }
}
