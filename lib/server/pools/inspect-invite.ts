import "server-only";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { inspectInvite as inspectEndpoint } from "#lib/protocol/pools/pools.ts";
import type { Context } from "../context.ts";
import { findOpenInvite } from "./invite-store.ts";
import { hashCode } from "./invites.ts";
import { listSummaries } from "./pool-store.ts";

type Endpoint = typeof inspectEndpoint;

/** What somebody who holds a code is asked to join. The code is all that is needed, for it lets in whoever has it. */
export async function inspectInvite({ db, clock }: Context, { code }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const invite = await findOpenInvite(db, hashCode(code), clock.now());
  const [pool] = invite ? await listSummaries(db, [invite.poolId], null) : [];
  if (!(invite && pool)) throw new ApiError("not_found", { what: "open invite" });
  return { name: pool.name, members: pool.members, devices: pool.devices, expiresAt: invite.expiresAt.toISOString() };
}
