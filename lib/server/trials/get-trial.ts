import "server-only";
import { TRIAL_LIMITS } from "#lib/domain/errand/trial.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getTrial as getTrialEndpoint } from "#lib/protocol/trials/trials.ts";
import type { Context } from "../context.ts";
import { requireAccount } from "../principal.ts";
import { getInstanceTrust } from "../trust/get-instance-trust.ts";
import { listTried } from "./trial-store.ts";

/** How far the account's trial is, and what came of each shard. Throws `not_found` for one of somebody else, and after an hour. */
export async function getTrial(ctx: Context, { trialId }: InputOf<typeof getTrialEndpoint>): Promise<OutputOf<typeof getTrialEndpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  const tried = await listTried(ctx.db, accountId, trialId, TRIAL_LIMITS.shownBytesMax);
  if (tried.length === 0) throw new ApiError("not_found", { what: "trial" });
  const { trustedDevices } = await getInstanceTrust(ctx);
  return {
    isDeviceThere: trustedDevices > 0,
    shards: tried.map(({ output, ...shard }) => ({ ...shard, output: output && Buffer.from(output).toString("base64") })),
  };
}
