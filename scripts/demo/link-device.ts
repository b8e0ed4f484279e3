import type { PrivateKeyAccount } from "viem/accounts";
import type { Api } from "#lib/client/api/api.ts";
import { createChallenge } from "#lib/protocol/accounts/accounts.ts";
import { linkDevice, linkStatement } from "#lib/protocol/devices/devices-of-account.ts";
import { type DeviceKey, describeDeviceKey, signStatement } from "#workers/volunteer/exchange/device-key.ts";

/** Links a device to the wallet whose session `api` carries: both sign one text. */
export async function linkToWallet(api: Api, { wallet, key }: { wallet: PrivateKeyAccount; key: DeviceKey }): Promise<void> {
  const { publicKey, thumbprint } = await describeDeviceKey(key);
  const challenge = await api.call(createChallenge, { purpose: "link" });
  const statement = linkStatement(challenge, { thumbprint, address: wallet.address });
  const [deviceSignature, walletSignature] = await Promise.all([signStatement(key, statement), wallet.signMessage({ message: statement })]);
  await api.call(linkDevice, { publicKey, nonce: challenge.nonce, deviceSignature, walletSignature });
}
