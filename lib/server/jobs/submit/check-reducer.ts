import "server-only";
import type { JobSubmission } from "#lib/domain/job/job.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Services } from "../../context.ts";
import { getInstanceTrust } from "../../trust/get-instance-trust.ts";

/** Throws `trusted_device_missing` where a submission brings a reducer and no trusted device is there that would run it. */
export async function checkReducer(services: Services, { reducer }: Pick<JobSubmission, "reducer">): Promise<void> {
  if (reducer.kind !== "wasi") return;
  if ((await getInstanceTrust(services)).trustedDevices === 0) throw new ApiError("trusted_device_missing", { what: "the reducer" });
}
