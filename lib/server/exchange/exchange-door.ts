import "server-only";
import { exchange } from "#lib/protocol/exchange/exchange.ts";
import type { Services } from "../context.ts";
import type { Db } from "../db/client.ts";
import { type Door, handle } from "../http/handle.ts";
import { getMetrics } from "../metrics/metrics.ts";
import { getServices } from "../services.ts";
import { exchangeWithDevice } from "./exchange-with-device.ts";
import { JobSnapshot } from "./job-snapshot.ts";

const snapshots = new WeakMap<Db, JobSnapshot>();

/** The one snapshot of running jobs that all exchanges of a process share. */
function snapshotOf(services: Services): JobSnapshot {
  let snapshot = snapshots.get(services.db);
  if (!snapshot) {
    snapshot = new JobSnapshot(services);
    snapshots.set(services.db, snapshot);
  }
  return snapshot;
}

/** The hot door, the same function under Next and under the bare gateway. */
export function exchangeDoor(services: () => Promise<Services> = getServices): Door {
  return handle(
    exchange,
    async (ctx, input) => {
      const answer = await exchangeWithDevice(ctx, input, snapshotOf(ctx));
      const { results } = getMetrics();
      const outcomes = Map.groupBy(
        input.reports.flatMap((report) => report.results),
        ({ outcome }) => outcome,
      );
      for (const [outcome, of] of outcomes) results.inc({ outcome }, of.length);
      return answer;
    },
    services,
  );
}
