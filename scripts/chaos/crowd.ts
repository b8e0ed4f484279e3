import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { createRandom } from "#bench/trust/random.ts";
import { createApi } from "#lib/client/api/api.ts";
import { createEnrolment } from "#lib/protocol/devices/devices.ts";
import { linkToWallet } from "../demo/link-device.ts";
import { makeKey, openSession } from "../demo/make-key.ts";
import type { ChaosInstance } from "./chaos-instance.ts";
import { CHAOS_TOPICS } from "./chaos-job.ts";
import type { KeptProcess } from "./kept-process.ts";
import { type DeviceRole, LightDevice } from "./light-device.ts";

/** Liars stay away from jobs that are executed once: there a lie that the lottery did not draw would stand, as the class says. */
const LIARS_TOPICS = CHAOS_TOPICS.filter((topic) => topic !== "held");
const LINKED_MAX = 4;

/** The devices of a run: some as processes of the command line, many inside this process. */
export type Crowd = { light: LightDevice[]; processes: KeptProcess[] /** Wallets to which some of the light devices belong. */; wallets: PrivateKeyAccount[] };

/** Starts devices: of the light ones one is trusted, about a tenth lie and a tenth forge, and the first honest ones belong to wallets. */
export async function openCrowd(instance: ChaosInstance, size: { light: number; processes: number; seed: number }): Promise<Crowd> {
  const { url, settings } = instance;
  const operatorKey = await makeKey(url, settings.operator, ["devices:manage"]);
  const { code } = await createApi({ baseUrl: url, token: async () => operatorKey }).call(createEnrolment, {});
  const light = await Promise.all(
    Array.from({ length: size.light }, (_, i) => {
      const role = roleOf(i);
      const manner = { role, topics: role === "liar" ? LIARS_TOPICS : null, enrolmentCode: i === 0 ? code : undefined };
      return LightDevice.create(url, createRandom(size.seed * 1000 + i), manner);
    }),
  );
  for (const device of light) device.start();
  const processes = Array.from({ length: size.processes }, (_, i) => instance.makeDevice(`device-${i + 1}`));
  await Promise.all(processes.map((process) => process.start()));
  await until(() => light.every((device) => device.exchanges > 0));
  const wallets = await Promise.all(light.slice(1, 1 + LINKED_MAX).map(async ({ key }) => await giveToWallet(url, key)));
  return { light, processes, wallets };
}

function roleOf(index: number): DeviceRole {
  if (index % 10 === 8) return "liar";
  return index % 10 === 9 ? "forger" : "honest";
}

async function giveToWallet(url: string, key: LightDevice["key"]): Promise<PrivateKeyAccount> {
  const wallet = privateKeyToAccount(generatePrivateKey());
  const api = await openSession(url, wallet);
  await linkToWallet(api, { wallet, key });
  return wallet;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const deadlineMs = Date.now() + 60_000; !isTrue(); await new Promise((resolve) => setTimeout(resolve, 50)))
    if (Date.now() > deadlineMs) throw new Error("The devices did not reach the instance within a minute.");
}

/** Ends all devices. */
export async function closeCrowd(crowd: Crowd): Promise<void> {
  await Promise.all([...crowd.light.map((device) => device.kill()), ...crowd.processes.map((process) => process.stop())]);
}
