import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { getJob } from "../jobs/get-job.ts";
import { getResults } from "../jobs/get-results.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { runTrust } from "./run-trust.ts";

const HOLD = { windowResultsMax: 1_000_000, windowMsMin: 1000, windowMsMax: 10_000 };

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ hold: HOLD, independentWaitMs: 500 });
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

const truth = (no: number) => `output of ${no}`;

async function passWindows(count: number, trusted: DrivenDevice | null): Promise<void> {
  for (let i = 0; i < count; i++) {
    services.clock.advance(HOLD.windowMsMax + 1);
    for (let quiet = 0; quiet < 2; ) {
      const turn = await runTrust(services);
      services.clock.advance(501);
      const computed = trusted ? await trusted.compute(64, truth) : 0;
      quiet = turn.folded + turn.revoked + turn.devices + turn.swept + turn.closed + computed === 0 ? quiet + 1 : 0;
    }
  }
}

test("while nobody makes the checks, nothing of the job becomes final, however much time passes; what was wrong is found when somebody does", async () => {
  const owner = await makeAccount(services);
  const snapshot = new JobSnapshot(services);
  const device = async (trusted = false) => new DrivenDevice((await makeDevice(services, { trusted })).ctx, snapshot);
  const trusted = await device(true);
  const { jobId } = await makeJob(services, owner.accountId, { assurance: "standard", shardCount: 60 });
  const [liar, honest] = [await device(), await device()];
  expect(await liar.compute(30, (no) => `a lie about ${no}`)).toBe(30);
  expect(await honest.compute(30, truth)).toBe(30);
  await passWindows(8, null);
  expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "computed", acceptedCount: 60, finalCount: 0 });
  expect((await getResults(owner.ctx, { jobId })).headers).toMatchObject({ "x-shoal-final": "0" });

  await passWindows(6, trusted);
  expect(await getJob(owner.ctx, { jobId })).toMatchObject({ state: "final", finalCount: 60 });
  const outputs = await services.db<{ output: Buffer }[]>`select output from shards order by no`;
  expect(outputs.map((row) => row.output.toString())).toEqual(Array.from({ length: 60 }, (_, no) => truth(no)));
});
