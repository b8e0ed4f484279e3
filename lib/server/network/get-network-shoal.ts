import "server-only";
import { createHmac } from "node:crypto";
import { buildRuns } from "#lib/domain/job/shard-map.ts";
import { shoalWindow, WINDOW_JOBS_MAX } from "#lib/domain/network/shoal-window.ts";
import type { NetworkShoal } from "#lib/protocol/network/network.ts";
import type { Context, Services } from "../context.ts";
import { deriveSecret } from "../secrets.ts";
import { listMarks } from "../shards/shard-map-store.ts";
import { getClosedWindow } from "../shards/shard-read-store.ts";
import { getCounters } from "../shards/shard-store.ts";
import { HeldReading } from "./held-reading.ts";
import { listShoalJobs, type ShoalJobRow } from "./network-store.ts";

const HELD_MS_MAX = 2000;

const held = new HeldReading(HELD_MS_MAX, readShoal);

/**
 * The shards that are being computed now, of the newest running jobs, or of the job that ended last while none runs; for everybody, at most two seconds
 * old. Of devices it says only which marks are of the same one.
 */
export async function getNetworkShoal(ctx: Context): Promise<NetworkShoal> {
  return await held.get(ctx);
}

async function readShoal(services: Services): Promise<NetworkShoal> {
  const jobs = await listShoalJobs(services.db, WINDOW_JOBS_MAX);
  return { schools: await Promise.all(jobs.map((job) => readSchool(services, job))) };
}

async function readSchool({ db, config }: Services, { id, name, heads, shardCount, assurance }: ShoalJobRow): Promise<NetworkShoal["schools"][number]> {
  const { fromNo, toNo } = shoalWindow({ heads, shardCount });
  const [{ wrong }, closedWindowNo] = await Promise.all([getCounters(db, id), getClosedWindow(db, assurance)]);
  const tallies = await listMarks(db, id, { fromNo, shardsPerMark: 1, hasWrong: wrong > 0, closedWindowNo });
  const inside = tallies.filter(({ mark }) => mark < toNo);
  const secret = deriveSecret(config.sessionSecret, "network-shoal");
  const hide = (device: string) => createHmac("sha256", secret).update(`${id} ${device}`).digest("hex").slice(0, 4);
  const runs = buildRuns({ shardCount: toNo, shardsPerMark: 1, fromMark: fromNo }, inside);
  return { jobId: id, name, shardCount, fromNo, runs: runs.map(({ device, counts: _, ...run }) => ({ ...run, ...(device ? { swimmer: hide(device) } : {}) })) };
}
