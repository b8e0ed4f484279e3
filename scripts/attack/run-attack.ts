import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "#bench/trust/random.ts";
import { type Api, createApi } from "#lib/client/api/api.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import { getJobTrust, listAssurances } from "#lib/protocol/jobs/trust.ts";
import { createShoal, type Shoal } from "#sdk/shoal.ts";
import type { LightDevice } from "../light-devices/light-device.ts";
import type { BehaviourName } from "./behaviours.ts";
import { Attackers, startHonest } from "./swarm.ts";
import { countWrong, PRICE_MICRO, submitVictim, type VictimJob, type Wrong, waitFor } from "./victim-job.ts";

export type AttackOptions = {
  /** Origin of an instance on this machine. */
  url: string;
  /** API key of an owner with money, whose jobs are attacked. */
  key: string;
  behaviours: readonly BehaviourName[];
  assurance: AssuranceClass;
  /** Honest devices, which serve every job of the attack; attackers of each behaviour; shards of each job. */
  honest: number;
  attackers: number;
  shards: number;
  seed: number;
  /** How long everything may take, in milliseconds. */
  msMax: number;
  say(line: string): void;
};

/** Pay of some devices against their work. Results count as claimed when they were reported in one's own name, however often. */
export type Gain = {
  names: number;
  claimed: number;
  right: number;
  wrong: number;
  /** Payments, in results of one device. */
  paid: number;
  /** Of the names, those that the instance no longer listens to. */
  shunned: number;
};
export type BehaviourReport = Gain &
  Wrong & {
    behaviour: BehaviourName;
    jobState: string;
    /** Results of the job that were found wrong and taken back. */
    refuted: number;
    executions: number | null;
  };
export type AttackReport = { honest: Gain; attacks: BehaviourReport[] };

/** Results of a job that only honest devices compute, before anybody attacks: for each of them. */
const WARM_UP_RESULTS = 25;
/** How many results attackers may give before honest devices come to their jobs, and how long that may take. */
const HEAD_START_RESULTS = 40;
const HEAD_START_MS_MAX = 10_000;
const POLL_MS = 300;

/**
 * Lets each behaviour attack a job of its own on a running instance, all at once, among honest devices that serve them all, and says what everybody got. Throws
 * when the address is not of this machine, or when the instance does not offer the class.
 */
export async function runAttack(options: AttackOptions): Promise<AttackReport> {
  const { url, key, say } = options;
  demandOwnMachine(url);
  const api = createApi({ baseUrl: url, token: async () => key });
  await demandClass(api, options.assurance);
  const signal = AbortSignal.timeout(options.msMax);
  const run = `${Date.now().toString(36)}-`;
  const topics = options.behaviours.map((behaviour) => `attack-${run}${behaviour}`);
  const warmUp = `attack-${run}warm-up`;
  const honest = await startHonest(url, { count: options.honest, topics: [warmUp], seed: options.seed });
  const attackers: Attackers[] = [];
  try {
    const shoal = createShoal({ url, key });
    say(`${honest.length} honest devices compute alone.`);
    await becomeKnown(shoal, { ...options, topic: warmUp, signal });
    const jobs = await Promise.all(topics.map((topic, i) => submit(shoal, options, { topic, seed: options.seed + i })));
    for (const [i, behaviour] of options.behaviours.entries()) {
      attackers.push(new Attackers(url, { behaviour, count: options.attackers, topic: topics[i] ?? "", seed: options.seed + 100_000 * (i + 1) }));
    }
    say(`${options.behaviours.join(", ")} attack a job each.`);
    await giveHeadStart(attackers);
    for (const device of honest) device.serve(topics);
    say("Honest devices come to these jobs too.");
    await Promise.all(jobs.map((job) => waitFor(job, "computed", signal)));
    say("Every shard has a result. Now nothing but time passes, until all of them are final.");
    const attacks = await Promise.all(jobs.map(async (job, i) => await judge(api, job, { attackers: attackers[i] as Attackers, signal })));
    return { honest: await gainOf(honest), attacks };
  } finally {
    await Promise.all([...attackers.map((each) => each.stop()), ...honest.map((device) => device.kill())]);
  }
}

/** Attackers are there first: among many honest devices a small job would be over before a sleeper has turned. */
async function giveHeadStart(attackers: readonly Attackers[]): Promise<void> {
  for (const endMs = Date.now() + HEAD_START_MS_MAX; Date.now() < endMs && !attackers.every((each) => each.hasGiven(HEAD_START_RESULTS)); )
    await sleep(POLL_MS);
}

/** Throws where an instance is not on this machine: the swarm is for one's own. */
export function demandOwnMachine(url: string): void {
  const { hostname } = new URL(url);
  if (hostname !== "localhost" && hostname !== "[::1]" && !/^127(\.\d{1,3}){3}$/.test(hostname))
    throw new Error(`${url} is not on this machine; the swarm attacks only what listens on its loopback interface.`);
}

async function demandClass(api: Api, assurance: AssuranceClass): Promise<void> {
  const { classes } = await api.call(listAssurances, {});
  const offer = classes.find((one) => one.assurance === assurance);
  if (offer?.unavailable === "trusted_device") throw new Error(`The instance has no trusted device, so it does not offer ${assurance}.`);
  if (!offer || offer.unavailable !== null) throw new Error(`The instance does not offer ${assurance} now.`);
}

async function submit(shoal: Shoal, options: AttackOptions, of: { topic: string; seed: number }): Promise<VictimJob> {
  const { assurance, shards } = options;
  return await submitVictim(shoal, { topic: of.topic, assurance, shards, random: createRandom(of.seed) });
}

/** A swarm meets an instance where somebody computed before: a job of honest devices alone. */
async function becomeKnown(shoal: Shoal, of: AttackOptions & { topic: string; signal: AbortSignal }): Promise<void> {
  const job = await submit(shoal, { ...of, shards: of.honest * WARM_UP_RESULTS }, of);
  await waitFor(job, "computed", of.signal);
}

async function judge(api: Api, job: VictimJob, of: { attackers: Attackers; signal: AbortSignal }): Promise<BehaviourReport> {
  const { attackers, signal } = of;
  const view = await waitFor(job, "final", signal);
  // Pay vests in the turn in which the last window closes, a moment before the job says so, or after.
  await sleep(POLL_MS);
  const { refuted, executions } = await api.call(getJobTrust, { jobId: job.job.id });
  return {
    behaviour: attackers.behaviour,
    jobState: view?.state ?? "not final in time",
    ...(view?.state === "final" ? await countWrong(job, signal) : { final: 0, wrongFinal: 0, wrongProvisional: 0 }),
    refuted,
    executions: executions.actual,
    ...(await gainOf(attackers.names)),
  };
}

async function gainOf(devices: readonly LightDevice[]): Promise<Gain> {
  const signal = AbortSignal.timeout(60_000);
  // A name that never came as far as to register was paid nothing.
  const earned = await Promise.all(devices.map(async (device) => (device.exchanges > 0 ? await device.readEarnedMicro(signal) : 0n)));
  const sum = (of: (device: LightDevice) => number): number => devices.reduce((total, device) => total + of(device), 0);
  return {
    names: devices.length,
    claimed: sum(({ given }) => given.right + given.wrong + given.beside),
    right: sum(({ given }) => given.right),
    wrong: sum(({ given }) => given.wrong),
    paid: Number(earned.reduce((total, micro) => total + micro, 0n)) / PRICE_MICRO,
    shunned: devices.filter(({ isShunned }) => isShunned).length,
  };
}
