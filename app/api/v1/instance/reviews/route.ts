import { listReviews } from "#lib/protocol/instance/policy.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listReviews as list } from "#lib/server/policy/review-jobs.ts";

export const GET = handle(listReviews, list);
