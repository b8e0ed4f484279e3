import "server-only";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { listPoolJobs as listEndpoint } from "#lib/protocol/pools/pools.ts";
import type { Context } from "../context.ts";
import { requireAccount } from "../principal.ts";
import { listJobsOfPool } from "./pool-job-store.ts";
import { requireMember } from "./require-role.ts";

type Endpoint = typeof listEndpoint;
const JOBS_MAX = 100;

/** What a pool's devices compute, for its members. */
export async function listPoolJobs({ db, principal }: Context, { poolId }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(principal, "jobs:read");
  await requireMember(db, poolId, accountId);
  const jobs = await listJobsOfPool(db, { poolId, limit: JOBS_MAX });
  return {
    jobs: jobs.map(({ ownerId, owner, createdAt, ...job }) => ({
      ...job,
      owner: shortAccountName(owner),
      isOwn: ownerId === accountId,
      createdAt: createdAt.toISOString(),
    })),
  };
}
