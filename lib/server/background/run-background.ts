import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { type Runner, run, type TaskList } from "graphile-worker";
import type { Pool } from "pg";
import { archiveJobs } from "../archive/archive-jobs.ts";
import { collectArtifacts } from "../artifacts/collect/collect-artifacts.ts";
import type { Services } from "../context.ts";
import { runNotices } from "../notices/run-notices.ts";
import { noteDuty } from "../operations/duty-store.ts";
import { runPayouts } from "../payouts/run-payouts.ts";
import { inSpan } from "../tracing/tracing.ts";
import { runTrust } from "../trust/run-trust.ts";
import { countNetwork } from "./count-network.ts";
import { deleteExpired } from "./delete-expired.ts";
import { listLostDuties } from "./duty-queue-store.ts";
import { DUTY_EVERY_MS, type DutyName } from "./duty-rhythm.ts";
import { openQueuePool } from "./open-queue-pool.ts";
import { sweep } from "./sweep.ts";

const DUTIES: Readonly<Record<DutyName, (services: Services) => Promise<object>>> = {
  sweep,
  trust: runTrust,
  "count-network": countNetwork,
  payouts: runPayouts,
  notices: runNotices,
  "delete-expired": deleteExpired,
  "collect-artifacts": collectArtifacts,
  "archive-jobs": archiveJobs,
};
const DUTY_NAMES = Object.keys(DUTIES) as DutyName[];

/** How often it is looked whether every duty is still queued. */
const LOOK_EVERY_MS = 5000;
const START_AGAIN_MS = 1000;
/** A runner that ends by itself, or connections that it left, are waited for so long; then a new one begins beside what may be left of it. */
const END_MS_MAX = 5000;

/** Background work that goes on until it is stopped; `stop` lets what runs come to its end. */
export type BackgroundWork = { stop(): Promise<void> };

/**
 * Runs the instance's background work on graphile-worker. Each duty is one queued row with a fixed key that puts itself back, so any number of processes may run
 * and each duty runs once at a time. A database that is away is waited for, also at the start, and a duty that was lost with it, or with another process, is
 * queued anew.
 */
export function runBackground(services: Services): BackgroundWork {
  const stopping = new AbortController();
  const working = work(services, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await working;
    },
  };
}

async function work(services: Services, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await workOnce(services, signal);
    } catch (error) {
      services.log.error({ err: error }, "background work is interrupted; it starts again");
    }
    await pause(START_AGAIN_MS, signal);
  }
}

/** One life of a runner: until it is told to stop, or ends because it lost the database for long. */
async function workOnce(services: Services, signal: AbortSignal): Promise<void> {
  const pgPool = openQueuePool(services.config.databaseUrl);
  try {
    await runQueue(services, { pgPool, signal });
  } finally {
    await atMost(END_MS_MAX, pgPool.end());
  }
}

async function runQueue(services: Services, { pgPool, signal }: { pgPool: Pool; signal: AbortSignal }): Promise<void> {
  const runner = await run({
    pgPool,
    // Without batches the library waits for nobody when it marks a duty as done, and a database that is away then would end the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: tasksOf(services),
    concurrency: 2,
    pollInterval: 500,
    noHandleSignals: true,
    noPreparedStatements: false,
  });
  const alive = new AbortController();
  const ended = runner.promise.finally(() => alive.abort());
  // A runner whose database went away in the wrong moment shuts down by itself, and may wait for ever for what it can no longer mark as failed.
  runner.events.on("pool:gracefulShutdown", () => alive.abort());
  const lasting = AbortSignal.any([signal, alive.signal]);
  try {
    for (const name of DUTY_NAMES) await runner.addJob(name, {}, { jobKey: name, maxAttempts: 1 });
    services.log.info("background work is running");
    while (!lasting.aborted) {
      await pause(LOOK_EVERY_MS, lasting);
      if (!lasting.aborted) await queueLost(services, runner);
    }
  } finally {
    if (alive.signal.aborted) await atMost(END_MS_MAX, ended);
    else {
      await runner.stop();
      await ended;
    }
  }
}

/** Queues duties that nothing will run any more. The next look finds what this one could not see. */
async function queueLost({ db, log }: Services, runner: Runner): Promise<void> {
  try {
    for (const name of await listLostDuties(db, DUTY_NAMES)) {
      log.warn({ duty: name }, "a duty was lost and is queued again");
      await runner.addJob(name, {}, { jobKey: name, maxAttempts: 1 });
    }
  } catch (error) {
    log.warn({ err: error }, "the queue of duties cannot be read");
  }
}

function tasksOf(services: Services): TaskList {
  return Object.fromEntries(
    DUTY_NAMES.map((name) => [
      name,
      async (_payload: unknown, helpers: { addJob: Runner["addJob"] }) => {
        await runDuty(services, name);
        await helpers.addJob(name, {}, { jobKey: name, runAt: new Date(Date.now() + DUTY_EVERY_MS[name]), maxAttempts: 1 });
      },
    ]),
  );
}

/** Runs a duty once and notes how it ended. Never throws: it comes round again by itself, and a retry by the queue would only run two at once. */
async function runDuty(services: Services, name: DutyName): Promise<void> {
  const startedMs = performance.now();
  let error: unknown = null;
  try {
    const done = await inSpan(
      () => ({ name: `duty ${name}`, kind: "internal", attributes: {} }),
      () => DUTIES[name](services),
    );
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

/** Waits for something to end, but not for ever; how it ends later is nobody's concern. */
async function atMost(ms: number, ending: Promise<unknown>): Promise<void> {
  await Promise.race([ending, sleep(ms, undefined, { ref: false })]);
  ending.catch(() => undefined);
}

/** Waits, or less when the signal comes. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
