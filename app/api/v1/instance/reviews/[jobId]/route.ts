import { decideReview, inspectReview } from "#lib/protocol/instance/policy.ts";
import { handle } from "#lib/server/http/handle.ts";
import { decideReview as decide, inspectReview as inspect } from "#lib/server/policy/review-jobs.ts";

export const GET = handle(inspectReview, inspect);
export const POST = handle(decideReview, decide);
