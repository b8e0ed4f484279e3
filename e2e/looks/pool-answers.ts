import type { Page } from "@playwright/test";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { listPoolJobs, listPools, PoolView } from "#lib/protocol/pools/pools.ts";
import { agoIso } from "./answers.ts";

/*
 * What an instance answers to a member of pools in which much happens, fixed, for pictures. That the real answers are right is what `e2e/pools.spec.ts` looks at.
 */

export const POOLS: OutputOf<typeof listPools> = {
  pools: [
    { id: `pol_${"1".repeat(32)}`, name: "Tide station", role: "admin", members: 3, devices: 14 },
    {
      id: `pol_${"2".repeat(32)}`,
      name: "Institute for the study of coasts, shallow seas and everything that lives there",
      role: "member",
      members: 41,
      devices: 230,
    },
    { id: `pol_${"3".repeat(32)}`, name: "Class 10b", role: "member", members: 1, devices: 1 },
  ],
};

const JOBS: OutputOf<typeof listPoolJobs> = {
  jobs: [
    {
      id: `job_${"2".repeat(32)}`,
      name: "Tides of the North Sea",
      owner: "0x59c6…690d",
      isOwn: true,
      state: "running",
      shardCount: 240,
      acceptedCount: 96,
      failedCount: 0,
      createdAt: agoIso(12),
    },
    {
      id: `job_${"5".repeat(32)}`,
      name: "Where sand is carried when a storm comes from the north-west",
      owner: "0x19e7…f6e1",
      isOwn: false,
      state: "final",
      shardCount: 1200,
      acceptedCount: 1188,
      failedCount: 12,
      createdAt: agoIso(5000),
    },
  ],
};

const OTHERS: PoolView["members"] = [
  { id: `acc_${"6".repeat(32)}`, address: "0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a", role: "admin", joinedAt: agoIso(8000) },
  { id: `acc_${"7".repeat(32)}`, address: null, role: "member", joinedAt: agoIso(300) },
];
const DEVICES: PoolView["devices"] = [
  { id: `dev_${"a1".repeat(16)}`, kind: "browser", joinedAt: agoIso(7000), lastSeenAt: agoIso(1) },
  { id: `dev_${"b2".repeat(16)}`, kind: "headless", joinedAt: agoIso(200), lastSeenAt: agoIso(90) },
];
const INVITES: PoolView["invites"] = [{ id: `inv_${"8".repeat(32)}`, hint: "k3fq", expiresAt: agoIso(-5000) }];

/** The pool as it is, with others in it, their devices, an open invite, and jobs. */
export async function fillPool(page: Page): Promise<void> {
  await page.route(/\/api\/v1\/pools\/pol_[0-9a-f]+$/, async (route) => {
    const response = await route.fetch();
    const pool = (await response.json()) as PoolView;
    const full: PoolView = { ...pool, members: [...pool.members, ...OTHERS], devices: DEVICES, invites: INVITES };
    await route.fulfill({ response, json: full });
  });
  await page.route("**/api/v1/pools/pol_*/jobs", (route) => route.fulfill({ json: JOBS }));
}
