import type { Page } from "@playwright/test";
import type { listPasskeys } from "#lib/protocol/accounts/passkeys.ts";
import type { listCheckingDevices } from "#lib/protocol/devices/checking-devices.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import type { LoginView } from "#lib/protocol/logins/logins.ts";
import { ANSWERED_AT, agoIso } from "./answers.ts";

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

const PASSKEYS: OutputOf<typeof listPasskeys> = {
  passkeys: [
    { id: `psk_${"1".repeat(32)}`, name: "Phone", isBackedUp: true, createdAt: agoIso(9000), lastUsedAt: agoIso(20) },
    { id: `psk_${"2".repeat(32)}`, name: "Key in the drawer of the tide station's desk", isBackedUp: false, createdAt: agoIso(50), lastUsedAt: null },
  ],
};

const CHECKING: OutputOf<typeof listCheckingDevices> = {
  devices: [
    { id: `dev_${"a1".repeat(16)}`, cores: 8, enrolledAt: agoIso(9000), lastSeenAt: agoIso(1), same: 1204, other: 3, unclear: 2 },
    { id: `dev_${"b2".repeat(16)}`, cores: 4, enrolledAt: agoIso(900), lastSeenAt: agoIso(700), same: 0, other: 0, unclear: 0 },
  ],
};

/** By address, as `page.route` takes them. */
export const WAYS_IN: Readonly<Record<string, unknown>> = { "**/api/v1/me/passkeys": PASSKEYS, "**/api/v1/me/checking-devices": CHECKING };

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
