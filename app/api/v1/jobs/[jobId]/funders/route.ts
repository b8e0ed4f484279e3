import { listFunders, removeFunder, setFunder } from "#lib/protocol/jobs/funders.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listFunders as list, removeFunder as remove, setFunder as set } from "#lib/server/jobs/funders/job-funders.ts";

export const GET = handle(listFunders, list);
export const PUT = handle(setFunder, set);
export const DELETE = handle(removeFunder, remove);
