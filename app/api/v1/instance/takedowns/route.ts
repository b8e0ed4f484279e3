import { takeDownJob } from "#lib/protocol/instance/policy.ts";
import { handle } from "#lib/server/http/handle.ts";
import { takeDownJob as takeDown } from "#lib/server/policy/take-down-job.ts";

export const POST = handle(takeDownJob, takeDown);
