import "server-only";
import { COUNT_AGE_MS_MAX, COUNT_EVERY_MS, ratesBetween } from "#lib/domain/network/counts.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import {
  type getNetworkHistory as getNetworkHistoryEndpoint,
  HISTORY_RANGE_MS,
  type HistoryRange,
  type NetworkHistory,
} from "#lib/protocol/network/network.ts";
import type { Context } from "../context.ts";
import { HeldReading } from "./held-reading.ts";
import { listThinnedSamples } from "./network-store.ts";

const HOUR_MS = 3_600_000;
const HELD_MS_MAX = 15_000;

/** In which steps each range is told, and how long a step may be before its rate says nothing about it. */
const STEPS: Record<HistoryRange, { stepMs: number; spanMsMax: number }> = {
  hour: { stepMs: COUNT_EVERY_MS, spanMsMax: COUNT_AGE_MS_MAX },
  day: { stepMs: HOUR_MS / 4, spanMsMax: HOUR_MS / 2 },
  week: { stepMs: 2 * HOUR_MS, spanMsMax: 4 * HOUR_MS },
};

const held: Record<HistoryRange, HeldReading<NetworkHistory>> = { hour: hold("hour"), day: hold("day"), week: hold("week") };

/** Verified shards per minute over a range, for everybody; at most 15 seconds old. */
export async function getNetworkHistory(ctx: Context, { range }: InputOf<typeof getNetworkHistoryEndpoint>): Promise<NetworkHistory> {
  return await held[range].get(ctx);
}

function hold(range: HistoryRange): HeldReading<NetworkHistory> {
  const { stepMs, spanMsMax } = STEPS[range];
  return new HeldReading(HELD_MS_MAX, async ({ db, clock }) => {
    const since = new Date(clock.now().getTime() - HISTORY_RANGE_MS[range]);
    const counts = await listThinnedSamples(db, since, stepMs);
    return {
      range,
      spans: ratesBetween(counts, spanMsMax).map(({ from, to, shardsPerMinute }) => ({
        from: from.at.toISOString(),
        to: to.at.toISOString(),
        shardsPerMinute,
        devices: to.devices,
      })),
    };
  });
}
