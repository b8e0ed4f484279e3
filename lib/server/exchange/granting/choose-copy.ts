import "server-only";
import { expectedMs, type Pace } from "#lib/domain/dispatch/size-grant.ts";
import { chooseSpeculation, copiesMax, partToCopy } from "#lib/domain/dispatch/speculate.ts";
import type { JobId } from "#lib/domain/ids.ts";
import type { Tx } from "../../db/client.ts";
import type { DevicePrincipal } from "../../principal.ts";
import type { Standing } from "../../trust/standing-store.ts";
import type { Cursor } from "./cursor-store.ts";
import { listOutstanding, type Session } from "./grant-store.ts";
import type { Wanted } from "./wanted-store.ts";

/** Results that agreed before a device may hurry others' shards: copies go to reliable devices. */
const COPIER_AGREED_MIN = 5;

type Tail = {
  rules: { jobId: JobId };
  cursor: Cursor;
  standing: Standing;
  session: Session;
  shardsMax: number;
  cores: number;
  pace: Pace;
  meanMs: number;
  at: Date;
};

/**
 * In a job of which nothing is left to grant: the end of an open grant that this device would be done with so much sooner than its holder that a copy is worth
 * it; null for none. The caller holds the cursor's lock, so that no two devices choose the same.
 */
export async function chooseCopy(tx: Tx, device: DevicePrincipal, tail: Tail): Promise<Wanted | null> {
  const { rules, cursor, standing, session, at } = tail;
  const copiesLeft = copiesMax(cursor.shardCount) - cursor.tailCopies;
  const isReliable = standing.trust.agreed >= COPIER_AGREED_MIN && session.lossesInRow === 0 && !standing.isTrusted;
  if (!isReliable || copiesLeft <= 0 || cursor.heads.some((head) => head < cursor.shardCount)) return null;
  const { clusterId } = standing;
  const grants = await listOutstanding(tx, rules.jobId, { deviceId: device.deviceId, voterId: device.voterId, clusterId });
  const outstanding = grants.map((grant) => ({
    clusterIds: grant.clusterId === null ? [] : [grant.clusterId],
    extraCopies: grant.copies,
    elapsedMs: at.getTime() - grant.grantedAt.getTime(),
    expectedMs: grant.expectedMs ?? expectedMs({ shards: grant.toNo - grant.fromNo, cores: 1, pace: null, meanMs: tail.meanMs }),
  }));
  // What it would take for the shortest part; a longer one gains as much, for its holder has more left.
  const own = expectedMs({ shards: 1, cores: tail.cores, pace: tail.pace, meanMs: tail.meanMs });
  const chosen = chooseSpeculation({ clusterId, sessionMs: session.sessionMs, expectedMs: own }, outstanding, copiesLeft);
  const grant = chosen === null ? undefined : grants[chosen];
  if (!grant) return null;
  return {
    ...partToCopy(grant, Math.min(tail.shardsMax, copiesLeft)),
    round: grant.round,
    kind: "tail",
    lane: "any",
    ordinal: `${grant.id}:${grant.copies}`,
    attempt: 0,
    excluded: [],
    excludedUntil: at,
    createdAt: at,
  };
}
