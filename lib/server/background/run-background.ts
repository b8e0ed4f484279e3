import "server-only";
import { type Runner, run } from "graphile-worker";
import { COUNT_EVERY_MS } from "#lib/domain/network/counts.ts";
import type { Services } from "../context.ts";
import { runPayouts } from "../payouts/run-payouts.ts";
import { runTrust } from "../trust/run-trust.ts";
import { countNetwork } from "./count-network.ts";
import { deleteExpired } from "./delete-expired.ts";
import { sweep } from "./sweep.ts";

/** How often each duty runs, in milliseconds after it last ended. */
const DUTIES = {
  sweep: { everyMs: 2000, run: sweep },
  trust: { everyMs: 2000, run: runTrust },
  "count-network": { everyMs: COUNT_EVERY_MS, run: countNetwork },
  payouts: { everyMs: 2000, run: runPayouts },
  "delete-expired": { everyMs: 60_000, run: deleteExpired },
} as const;

/**
 * Runs the instance's background work on graphile-worker until it is stopped. Each duty is one queued row with a fixed key that puts itself back, so
 * any number of processes may run and each duty runs once at a time.
 */
export async function runBackground(services: Services): Promise<Runner> {
  const taskList = Object.fromEntries(
    Object.entries(DUTIES).map(([name, duty]) => [
      name,
      async (_payload: unknown, helpers: { addJob: Runner["addJob"] }) => {
        try {
          const done = await duty.run(services);
          services.log.debug({ duty: name, ...done }, "duty done");
        } catch (error) {
          // The duty comes round again by itself; a retry by the queue would only run two at once.
          services.log.error({ duty: name, err: error }, "duty failed");
        }
        await helpers.addJob(name, {}, { jobKey: name, runAt: new Date(Date.now() + duty.everyMs), maxAttempts: 1 });
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
