import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestClient, type Hex, http, publicActions, walletActions } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { demoDollarAbi } from "#contracts/generated/demo-dollar.ts";
import { rewardDistributorAbi } from "#contracts/generated/reward-distributor.ts";
import type { Api } from "#lib/client/api/api.ts";
import { getBalances } from "#lib/protocol/balances/balances.ts";
import { getProof } from "#lib/protocol/payouts/payouts.ts";
import { importDeviceKey } from "#workers/volunteer/exchange/device-key.ts";
import type { Instance, Say } from "../instance/start-instance.ts";
import { linkToWallet } from "./link-device.ts";
import { openSession } from "./make-key.ts";

const DEVICES = ["device-1", "device-2"] as const;
const POLL_MS = 1000;
const WAIT_MS_MAX = 90_000;
const GAS_WEI = 10n ** 18n;

/**
 * Links the two devices to the wallets of two volunteers, waits for the epoch that pays them, claims from the contract, and prints what the chain and the books say.
 * Returns whether both were paid and chain and books say the same.
 */
export async function claimEarnings(instance: Instance, say: Say): Promise<boolean> {
  const people = await Promise.all(
    DEVICES.map(async (device, i) => {
      const wallet = instance.settings.earners[i === 0 ? 0 : 1];
      const { api } = await openSession(instance.url, wallet);
      await link(instance, { api, wallet, device });
      return { device, wallet, api };
    }),
  );
  say("Both devices are linked to the wallets of their volunteers; the next epoch publishes what they earned.");
  const lines = await Promise.all(people.map((person) => claimAndCompare(instance, person)));
  say("Both wallets have claimed. What the chain and the books say of them:");
  for (const { text } of lines) console.log(`        ${text}`);
  return lines.every(({ isRight }) => isRight);
}

type Person = { device: (typeof DEVICES)[number]; wallet: PrivateKeyAccount; api: Api };

async function link(instance: Instance, { api, wallet, device }: Person): Promise<void> {
  const file = JSON.parse(readFileSync(join(instance.profileOf(device), "device.json"), "utf8")) as { key: JsonWebKey };
  await linkToWallet(api, { wallet, key: await importDeviceKey(file.key, { extractable: false }) });
}

async function claimAndCompare({ chain }: Instance, { device, wallet, api }: Person): Promise<{ text: string; isRight: boolean }> {
  const client = createTestClient({ mode: "anvil", transport: http(chain.rpcUrl), pollingInterval: 200 })
    .extend(publicActions)
    .extend(walletActions);
  await until(`the earnings of ${device} to be claimable`, async () => isAllPublished(await api.call(getBalances, {})));
  const proof = await api.call(getProof, { address: wallet.address });
  if (BigInt(proof.claimableMicro) > 0n) {
    await client.setBalance({ address: wallet.address, value: GAS_WEI });
    const args = [wallet.address, BigInt(proof.cumulativeMicro), proof.proof as Hex[]] as const;
    const hash = await client.writeContract({
      account: wallet,
      chain: null,
      address: chain.distributor,
      abi: rewardDistributorAbi,
      functionName: "claim",
      args,
    });
    await client.waitForTransactionReceipt({ hash, timeout: WAIT_MS_MAX });
  }
  await until(`the claim of ${device} to be booked`, async () => (await api.call(getBalances, {})).earning.claimedMicro === proof.cumulativeMicro);
  const held = await client.readContract({ address: chain.token, abi: demoDollarAbi, functionName: "balanceOf", args: [wallet.address] });
  const text = `${device}  ${wallet.address}  holds ${inDollars(held)} dUSD; the books say ${inDollars(BigInt(proof.cumulativeMicro))} claimed`;
  return { text, isRight: held > 0n && held === BigInt(proof.cumulativeMicro) };
}

/** Everything that was earned has been published; some of it may have been claimed by an earlier run. */
function isAllPublished({
  earning,
}: {
  earning: Record<"pendingMicro" | "verifiedMicro" | "publishingMicro" | "claimableMicro" | "claimedMicro", string>;
}): boolean {
  const onItsWay = BigInt(earning.pendingMicro) + BigInt(earning.verifiedMicro) + BigInt(earning.publishingMicro);
  return onItsWay === 0n && BigInt(earning.claimableMicro) + BigInt(earning.claimedMicro) > 0n;
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS_MAX;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Waited ${WAIT_MS_MAX / 1000} s for ${what}.`);
    await sleep(POLL_MS);
  }
}

function inDollars(micro: bigint): string {
  return `${micro / 1_000_000n}.${String(micro % 1_000_000n).padStart(6, "0")}`;
}
