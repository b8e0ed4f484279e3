import "server-only";
import { releasedShards } from "#lib/domain/job/milestones.ts";
import type { Services } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { getCounters } from "../../shards/shard-store.ts";
import { listHeldBack, setReleased } from "./milestone-store.ts";

/** Releases further shards of jobs that have passed a milestone. Returns of how many jobs; repeating it changes nothing. */
export async function releaseMilestones({ db }: Services): Promise<number> {
  let released = 0;
  for (const { jobId, milestones, shardCount } of await listHeldBack(db)) {
    const { final } = await getCounters(db, jobId);
    const shards = releasedShards(milestones, { shardCount, finalCount: final });
    if (await transaction(db, (tx) => setReleased(tx, jobId, shards))) released += 1;
  }
  return released;
}
