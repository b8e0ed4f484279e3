import type { PoolId } from "../ids.ts";

/**
 * | role | may |
 * |---|---|
 * | admin | invite, make others admins, remove members and devices, and all that a member may |
 * | member | submit jobs of the pool, compute them with linked devices, leave |
 */
export const POOL_ROLES = ["admin", "member"] as const;
export type PoolRole = (typeof POOL_ROLES)[number];

/** Who computes a job and sees that it exists: every device, or those of one pool. */
export type Visibility = { kind: "public" } | { kind: "pool"; pool: PoolId };

export const POOL_LIMITS = { nameCharsMax: 80, poolsPerAccountMax: 50, membersMax: 1000, devicesMax: 10_000, invitesMax: 50, inviteDaysMax: 90 } as const;

/** The pool of a job, or null where it is public. */
export function poolOf(visibility: Visibility | undefined): PoolId | null {
  return visibility?.kind === "pool" ? visibility.pool : null;
}

/** Whether a device that belongs to these pools may be given the job. The operator's trusted devices are no exception: a pool's job stays with its pool. */
export function mayServe(visibility: Visibility | undefined, pools: ReadonlySet<PoolId>): boolean {
  const pool = poolOf(visibility);
  return pool === null || pools.has(pool);
}

/** What a change of members must not do: leave a pool without an admin. `role` is what the member becomes, null where it goes. */
export function keepsAdmin(admins: number, change: { from: PoolRole; to: PoolRole | null }): boolean {
  return change.from !== "admin" || change.to === "admin" || admins > 1;
}
