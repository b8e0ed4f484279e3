import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createRandom } from "#bench/trust/random.ts";
import { createApi } from "#lib/client/api/api.ts";
import { createEnrolment } from "#lib/protocol/devices/devices.ts";
import { listAssurances } from "#lib/protocol/jobs/trust.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";
import { openTestInstance, type TestInstance } from "#lib/testing/instance/open-test-instance.ts";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { makeKey } from "../demo/make-key.ts";
import { HONEST, LightDevice } from "../light-devices/light-device.ts";
import { BEHAVIOUR_NAMES } from "./behaviours.ts";
import { describeReport, listGains, payPerClaim } from "./describe-report.ts";
import { runAttack } from "./run-attack.ts";

const operator = privateKeyToAccount(generatePrivateKey());
let instance: TestInstance;
let trusted: LightDevice;
beforeAll(async () => {
  const env = {
    OPERATOR_ADDRESSES: operator.address,
    RATE_LIMIT_FACTOR: "10000",
    INDEPENDENT_WAIT_MS: "1000",
    TRUST_WINDOW_MS_MIN: "1000",
    // So long that a window sees many lies: what a window does not notice at all stands.
    TRUST_WINDOW_MS_MAX: "20000",
  };
  instance = await openTestInstance({ env, hasBackground: true });
  const operatorKey = await makeKey(instance.url, operator, ["devices:manage"]);
  const { code } = await createApi({ baseUrl: instance.url, token: async () => operatorKey }).call(createEnrolment, {});
  trusted = await LightDevice.create(instance.url, createRandom(TEST_SEED), { habit: HONEST, topics: null, enrolmentCode: code });
  trusted.start();
  // It is there once its first exchange was answered.
  const api = createApi({ baseUrl: instance.url, token: async () => null });
  await vi.waitFor(
    async () => {
      const { classes } = await api.call(listAssurances, {});
      expect(classes.find(({ assurance }) => assurance === "high")?.unavailable).toBeNull();
    },
    { timeout: 60_000, interval: 200 },
  );
});
afterAll(async () => {
  await trusted?.kill();
  await instance?.close();
});

test("a swarm that cheats in every way gains nothing, and no honest device is banned", { timeout: atSize(900_000, 1_800_000) }, async () => {
  const { key } = await instance.makeOwner();
  const log: string[] = [];
  const report = await runAttack({
    url: instance.url,
    key,
    behaviours: BEHAVIOUR_NAMES,
    // At these rates a liar of some dozen results is found out with certainty, not only as a rule.
    assurance: "high",
    honest: atSize(16, 40),
    attackers: 2,
    shards: atSize(80, 600),
    seed: TEST_SEED,
    msMax: atSize(840_000, 1_700_000),
    say: (line) => log.push(`${new Date().toISOString()} ${line}`),
  });
  expect(listGains(report), [...log, ...describeReport(report)].join("\n")).toEqual([]);
  for (const attack of report.attacks) {
    expect(attack.claimed, attack.behaviour).toBeGreaterThan(0);
    expect(attack.wrongProvisional, attack.behaviour).toBe(0);
    expect(payPerClaim(attack, report.honest), attack.behaviour).toBeLessThan(1);
  }
  const lied = report.attacks.filter(({ wrong }) => wrong > 0);
  expect(lied.length).toBeGreaterThan(4);
  expect(lied.every(({ refuted }) => refuted > 0)).toBe(true);
  expect(await checkLedger(instance.services.db)).toEqual([]);
});

test("the swarm leaves other machines alone", async () => {
  const options = {
    key: "",
    behaviours: BEHAVIOUR_NAMES,
    assurance: "high" as const,
    honest: 1,
    attackers: 1,
    shards: 1,
    seed: 1,
    msMax: 1000,
    say: () => undefined,
  };
  for (const url of ["https://shoal.example", "http://10.0.0.1:3000", "http://127.0.0.1.example:3000"])
    await expect(runAttack({ ...options, url })).rejects.toThrow("not on this machine");
});
