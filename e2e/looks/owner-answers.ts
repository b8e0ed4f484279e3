import type { Page } from "@playwright/test";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import type { LoginView } from "#lib/protocol/logins/logins.ts";
import { ANSWERED_AT } from "./answers.ts";

/*
 * What an instance answers to an owner in states that would take it long to come to, for pictures. That the real answers are right is what its own tests look at.
 */

export const LOGIN: LoginView = {
  client: "shoal on tide-station",
  origin: "https://shoal.example",
  scopes: ["jobs:read", "jobs:write"],
  expiresInDays: 90,
  createdAt: ANSWERED_AT,
};

const FAILURE: NonNullable<JobView["reduction"]>["failure"] = {
  fromNo: 0,
  toNo: 8,
  outcome: "exit_code",
  exitCode: 2,
  trap: null,
  stderr: "tides-mean: line 3 of stdin is no number\n",
};

/** The job as it is, but with a reducer of its owner's that failed over its first eight shards. */
export async function tellReducerFailed(page: Page): Promise<void> {
  await page.route(/\/api\/v1\/jobs\/job_[0-9a-f]+$/, async (route) => {
    const response = await route.fetch();
    const job = (await response.json()) as JobView;
    const failed = { acceptedCount: 8, finalCount: 8, reducer: "wasi", reduction: { state: "failed", format: "text", shards: 0, failure: FAILURE } };
    await route.fulfill({ response, json: { ...job, ...failed } });
  });
}
