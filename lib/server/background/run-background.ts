import "server-only";
import { type Runner, run } from "graphile-worker";
import type { Services } from "../context.ts";
import { noteDuty } from "../operations/duty-store.ts";
import { runPayouts } from "../payouts/run-payouts.ts";
import { runTrust } from "../trust/run-trust.ts";
import { countNetwork } from "./count-network.ts";
import { deleteExpired } from "./delete-expired.ts";
import { DUTY_EVERY_MS, type DutyName } from "./duty-rhythm.ts";
import { sweep } from "./sweep.ts";

const DUTIES: Readonly<Record<DutyName, (services: Services) => Promise<object>>> = {
  sweep,
  trust: runTrust,
  "count-network": countNetwork,
  payouts: runPayouts,
  "delete-expired": deleteExpired,
};

/**
 * Runs the instance's background work on graphile-worker until it is stopped. Each duty is one queued row with a fixed key that puts itself back, so
 * any number of processes may run and each duty runs once at a time.
 */
export async function runBackground(services: Services): Promise<Runner> {
  const taskList = Object.fromEntries(
    (Object.keys(DUTIES) as DutyName[]).map((name) => [
      name,
      async (_payload: unknown, helpers: { addJob: Runner["addJob"] }) => {
        await runDuty(services, name);
        await helpers.addJob(name, {}, { jobKey: name, runAt: new Date(Date.now() + DUTY_EVERY_MS[name]), maxAttempts: 1 });
      },
    ]),
  );
  const runner = await run({
    connectionString: services.config.databaseUrl,
    taskList,
    concurrency: 2,
    pollInterval: 500,
    noHandleSignals: true,
    noPreparedStatements: false,
  });
  for (const name of Object.keys(DUTIES)) await runner.addJob(name, {}, { jobKey: name, maxAttempts: 1 });
  return runner;
}

/** Runs a duty once and notes how it ended. Never throws: it comes round again by itself, and a retry by the queue would only run two at once. */
async function runDuty(services: Services, name: DutyName): Promise<void> {
  const startedMs = performance.now();
  let error: unknown = null;
  try {
    const done = await DUTIES[name](services);
    services.log.debug({ duty: name, ...done }, "duty done");
  } catch (thrown) {
    error = thrown;
    services.log.error({ duty: name, err: error }, "duty failed");
  }
  const said = error === null ? null : error instanceof Error ? error.message : String(error);
  await noteDuty(services.db, { name, endedAt: services.clock.now(), durationMs: performance.now() - startedMs, error: said }).catch((err: unknown) =>
    services.log.error({ duty: name, err }, "how a duty ended could not be noted"),
  );
}
