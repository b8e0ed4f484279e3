import "server-only";
import type { JobSubmission, Verification } from "#lib/domain/job/job.ts";
import { ASSURANCE, type AssuranceClass } from "#lib/domain/trust/assurance.ts";
import { chooseDefaultClass, whyUnavailable } from "#lib/domain/trust/promise.ts";
import { resolveVerification } from "#lib/domain/trust/resolve-verification.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Services } from "../../context.ts";
import { getInstanceTrust } from "../../trust/get-instance-trust.ts";

const PROBLEMS = {
  trusted_device: "there is no trusted device that could check results afterwards",
  established_devices: "too few devices that do not know each other have a history here",
  verifier: "there is no trusted device that could run the verifier",
  kernel: "a trusted device cannot repeat what a graphics processor computes",
} as const;

/** How a submission is verified: its own wish, or what the instance offers first. Throws `assurance_unavailable` for what cannot be promised now. */
export async function chooseVerification(services: Services, spec: Pick<JobSubmission, "verification" | "program">): Promise<Verification> {
  const instance = await getInstanceTrust(services);
  const isKernel = spec.program.runtime === "wgsl";
  const verification = resolveVerification(spec.verification, isKernel ? "instant" : chooseDefaultClass(instance));
  const { assurance } = verification;
  if (verification.verifier && instance.trustedDevices === 0) throw unavailable(assurance, PROBLEMS.verifier);
  const why = isKernel && ASSURANCE[assurance].hasHold ? "kernel" : whyUnavailable(assurance, instance);
  if (why) throw unavailable(assurance, PROBLEMS[why]);
  return verification;
}

function unavailable(assurance: AssuranceClass, problem: string): ApiError {
  return new ApiError("assurance_unavailable", { assurance, problem });
}
