import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { DEVICE_TOKEN_TTL_MS } from "../devices/device-token.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { getJob } from "../jobs/get-job.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getStanding } from "../ledger/vesting-store.ts";
import { runTrust } from "./run-trust.ts";

const HOLD = { windowResultsMax: 1_000_000, windowMsMin: 1000, windowMsMax: 60_000 };
/**
 * Which results are checked is drawn, so a liar may escape: at the rates of `high`, one that lies with each of its 80 results here is never drawn in less
 * than one run of 10⁹, one that lies with every third in less than one of 10⁴. At those of `standard` it would be one of 100, which is a promise about many
 * results and no law of few; `npm run bench:trust` measures that one.
 */
const SHARDS = 720;
const ASSURANCE = "high";
const HONEST = 6;
const ATTACKERS = 3;
/** Shards in one grant: each device comes again several times. */
const PER_GRANT = 6;
const PRICE_MICRO = 100n;
const GONE_MS = DEVICE_TOKEN_TTL_MS + 1;

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ hold: HOLD, independentWaitMs: 500 });
});
afterAll(async () => {
  await services.close();
});

const truth = (no: number) => `output of ${no}`;

/** What an attacker reports as its n-th result. Accomplices give one and the same lie. */
type Strategy = (no: number, nth: number, attacker: number) => string;
const STRATEGIES: [name: string, answer: Strategy][] = [
  ["constant liars, each with lies of its own", (no, _nth, attacker) => `lie ${attacker} about ${no}`],
  ["accomplices with one lie", (no) => `the lie about ${no}`],
  ["sleepers that turn after 15 right results", (no, nth) => (nth < 15 ? truth(no) : `the lie about ${no}`)],
  ["devices that are wrong at every third result", (no, nth, attacker) => (nth % 3 === 0 ? `noise ${attacker} ${no}` : truth(no))],
  ["free riders that report the same bytes for every shard", () => "nothing"],
];

class Attacker {
  readonly device: DrivenDevice;
  readonly #answer: Strategy;
  readonly #number: number;
  results = 0;

  constructor(device: DrivenDevice, answer: Strategy, number: number) {
    this.device = device;
    this.#answer = answer;
    this.#number = number;
  }

  readonly answer = (no: number): string => this.#answer(no, this.results++, this.#number);
}

async function swarm(answer: Strategy) {
  // Nobody who was established under the swarm before is there any more; else newcomers would wait for them while the instance takes this for a flood.
  services.clock.advance(GONE_MS);
  const owner = await makeAccount(services);
  const { jobId } = await makeJob(services, owner.accountId, { assurance: ASSURANCE, shardCount: SHARDS, priceMicro: PRICE_MICRO });
  const snapshot = new JobSnapshot(services);
  const device = async (options?: Parameters<typeof makeDevice>[1]) => new DrivenDevice((await makeDevice(services, options)).ctx, snapshot);
  const trusted = await device({ trusted: true });
  const honest = await Promise.all(Array.from({ length: HONEST }, () => device()));
  const attackers = await Promise.all(Array.from({ length: ATTACKERS }, async (_, i) => new Attacker(await device(), answer, i)));
  for (let idle = 0; idle < 3; ) {
    let computed = 0;
    for (const attacker of attackers) computed += await attacker.device.compute(PER_GRANT, attacker.answer);
    for (const one of honest) computed += await one.compute(PER_GRANT, truth);
    const turn = await runTrust(services);
    services.clock.advance(501);
    for (let i = 0; i < 3; i++) computed += await trusted.compute(60, truth);
    idle = computed + turn.folded + turn.revoked === 0 ? idle + 1 : 0;
  }
  for (let i = 0; i < 6; i++) {
    services.clock.advance(HOLD.windowMsMax + 1);
    for (let turn = 0; turn < 4; turn++) {
      await runTrust(services);
      for (const one of [trusted, ...honest]) await one.compute(60, truth);
      services.clock.advance(501);
    }
  }
  return { jobId, owner, honest, attackers };
}

describe("a third of the devices are", () => {
  test.each(STRATEGIES)(
    "%s: no wrong result is final, they earn less than honest devices for the same, and no honest device is banned",
    { timeout: 120_000 },
    async (_, answer) => {
      const { jobId, owner, honest, attackers } = await swarm(answer);
      expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", acceptedCount: SHARDS });
      const outputs = await services.db<{ output: Buffer }[]>`select output from shards where job_id = ${uuidOf(jobId)} order by no`;
      expect(outputs.map((row) => row.output.toString())).toEqual(Array.from({ length: SHARDS }, (_row, no) => truth(no)));
      for (const { device, results } of attackers) {
        const { verifiedMicro } = await getStanding(services.db, device.deviceId);
        expect(verifiedMicro).toBeLessThan(BigInt(Math.max(1, results)) * PRICE_MICRO);
      }
      const ids = honest.map((one) => uuidOf(one.deviceId));
      const found = await services.db`select 1 from device_trust where device_id = any(${ids}::uuid[]) and (stage <> 'active' or strikes > 0)`;
      expect(found).toHaveLength(0);
      expect(await checkLedger(services.db)).toEqual([]);
    },
  );
});
