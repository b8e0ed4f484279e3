import { createHash } from "node:crypto";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { createRandom, type Random } from "#bench/trust/random.ts";
import { createApi } from "#lib/client/api/api.ts";
import { createEnrolment } from "#lib/protocol/devices/devices.ts";
import { linkToWallet } from "../demo/link-device.ts";
import { makeKey, openSession } from "../demo/make-key.ts";
import { type Habit, HONEST, LightDevice } from "../light-devices/light-device.ts";
import type { ChaosInstance } from "./chaos-instance.ts";
import { CHAOS_TOPICS } from "./chaos-job.ts";
import type { KeptProcess } from "./kept-process.ts";

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
      const random = createRandom(size.seed * 1000 + i);
      const isLiar = i % 10 === 8;
      const habit = isLiar ? lying(random) : i % 10 === 9 ? forging(random) : HONEST;
      return LightDevice.create(url, random, { habit, topics: isLiar ? LIARS_TOPICS : null, enrolmentCode: i === 0 ? code : undefined });
    }),
  );
  for (const device of light) device.start();
  const processes = Array.from({ length: size.processes }, (_, i) => instance.makeDevice(`device-${i + 1}`));
  await Promise.all(processes.map((process) => process.start()));
  await until(() => light.every((device) => device.exchanges > 0));
  const wallets = await Promise.all(light.slice(1, 1 + LINKED_MAX).map(async ({ key }) => await giveToWallet(url, key)));
  return { light, processes, wallets };
}

/** Reports outputs of its own making. */
function lying(random: Random): Habit {
  return { say: ({ honest }) => Buffer.from(`${honest.toString("latin1").toLowerCase()}${random.next()}`) };
}

/** Computes, and reports for a grant of somebody else and for one that nobody ever got as well. */
function forging(random: Random): Habit {
  return {
    ...HONEST,
    forge({ seen }) {
      const stolen = seen[random.below(Math.max(1, seen.length))];
      if (!stolen) return [];
      const output = Buffer.from("forged");
      const result = { outcome: "ok" as const, digest: createHash("sha256").update(output).digest("hex"), output: output.toString("base64"), durationMs: 1 };
      const invented = `grt_${createHash("sha256").update(String(random.next())).digest("hex").slice(0, 32)}` as const;
      return [stolen.grantId, invented].map((grantId) => ({ jobId: stolen.jobId, grantId, results: [{ ...result, no: stolen.fromNo }] }));
    },
  };
}

async function giveToWallet(url: string, key: LightDevice["key"]): Promise<PrivateKeyAccount> {
  const wallet = privateKeyToAccount(generatePrivateKey());
  const { api } = await openSession(url, wallet);
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
