import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import { MEMBERS_MAX } from "#lib/domain/job/job-role.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { JobMembers, listMembers as listEndpoint, removeMember as removeEndpoint, setMember as setEndpoint } from "#lib/protocol/jobs/members.ts";
import type { Context, Services } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { deleteNoticesOfMember } from "../../notices/notice-store.ts";
import { requireAccount } from "../../principal.ts";
import { getOwnJob } from "../get-job.ts";
import { deleteMember, listMemberRows, lockMemberName, upsertMember } from "./member-store.ts";

/** Who was let in to the account's own job. */
export async function listMembers(ctx: Context, input: InputOf<typeof listEndpoint>): Promise<JobMembers> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const { id } = await getOwnJob(ctx, accountId, input.jobId, "owner");
  return await readMembers(ctx, id);
}

/**
 * Lets a wallet address or an account in, or changes its role. Who has a wallet is listed by it, so that nobody is a member twice. Throws `bad_request` for the owner's own
 * name, an id that no account has, and beyond 50 members.
 */
export async function setMember(ctx: Context, input: InputOf<typeof setEndpoint>): Promise<JobMembers> {
  const { accountId, address: own } = requireAccount(ctx.principal, "jobs:write");
  const { role } = input;
  const { id } = await getOwnJob(ctx, accountId, input.jobId, "owner");
  await transaction(ctx.db, async (tx) => {
    const address = await lockMemberName(tx, input.address);
    if (address === null) throw new ApiError("bad_request", { field: "address", problem: "is the id of no account here" });
    if (address === (own?.toLowerCase() ?? accountId)) throw new ApiError("bad_request", { field: "address", problem: "is your own" });
    const members = await listMemberRows(tx, id);
    const isNew = members.every((member) => member.address !== address);
    if (isNew && members.length >= MEMBERS_MAX)
      throw new ApiError("bad_request", { field: "address", problem: `is one too many: a job has at most ${MEMBERS_MAX} members` });
    await upsertMember(tx, id, { address, role, addedAt: ctx.clock.now() });
  });
  return await readMembers(ctx, id);
}

/** Takes somebody out; one that is none changes nothing. */
export async function removeMember(ctx: Context, input: InputOf<typeof removeEndpoint>): Promise<JobMembers> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  const { id } = await getOwnJob(ctx, accountId, input.jobId, "owner");
  await transaction(ctx.db, async (tx) => {
    const address = (await lockMemberName(tx, input.address)) ?? input.address;
    await deleteMember(tx, id, address);
    // What they were told goes too: it names a job that they no longer see.
    await deleteNoticesOfMember(tx, id, address);
  });
  return await readMembers(ctx, id);
}

async function readMembers({ db }: Services, jobId: JobId): Promise<JobMembers> {
  return { members: (await listMemberRows(db, jobId)).map(({ addedAt, ...member }) => ({ ...member, addedAt: addedAt.toISOString() })) };
}
