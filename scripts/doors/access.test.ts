import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Endpoint } from "#lib/protocol/endpoint.ts";
import { TEST_SEED } from "#lib/testing/run-size.ts";
import { digestRows } from "#lib/testing/submission.ts";
import { listEndpoints } from "../reference/list-endpoints.ts";
import { ACCESS, type Access } from "./access-matrix.ts";
import { CALLERS, type Caller, type DoorWorld, openDoorWorld } from "./door-world.ts";
import { drawInput } from "./draw-input.ts";

/*
 * The matrix of who may call what: every endpoint has its row, the protocol declares what the row says, and at the doors of the app every caller whom the row
 * does not name is refused, with nothing changed in any table.
 */
const endpoints = await listEndpoints();
const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`;
const rows = endpoints.flatMap((endpoint) => {
  const access = ACCESS[nameOf(endpoint)];
  return access ? [[nameOf(endpoint), endpoint, access] as const] : [];
});

let world: DoorWorld;
let rowsBefore: Record<string, string>;
beforeAll(async () => {
  world = await openDoorWorld();
  rowsBefore = await digestRows(world.services.db);
});
afterAll(() => world.close());

const DECLARED: Record<Access["admits"], Endpoint["auth"]> = {
  everybody: "public",
  accounts: "account",
  operators: "account",
  sessions: "session",
  devices: "device",
  "accounts and devices": "account-or-device",
};
const MAY_PASS: Record<Access["admits"], readonly Caller[]> = {
  everybody: CALLERS,
  accounts: ["owner", "stranger", "operator", "key"],
  operators: ["operator"],
  sessions: ["owner", "stranger", "operator"],
  devices: ["device", "other device"],
  "accounts and devices": ["owner", "stranger", "operator", "key", "key without scope", "device", "other device"],
};
/** What others hear of what is not theirs: that it is not there, or is not theirs to touch. A fault in what they send may be told first. */
const REFUSALS = [400, 403, 404, 409, 422];

const inputOf = (endpoint: Endpoint, run: number): Record<string, unknown> => {
  const [drawn = {}] = fc.sample(drawInput(endpoint), { seed: TEST_SEED + run, numRuns: 1 });
  const named = Object.entries(world.owned).filter(([name]) => endpoint.path.includes(`{${name}}`));
  return { ...drawn, ...Object.fromEntries(named) };
};
const ask = async (endpoint: Endpoint, caller: Caller, run = 0, extra: Record<string, string> = {}): Promise<number> => {
  const response = await world.call(endpoint, caller, inputOf(endpoint, run), extra);
  await response.body?.cancel();
  return response.status;
};

/** Compares every table with what it held when somebody last looked. */
async function expectNothingChanged(): Promise<void> {
  const before = rowsBefore;
  rowsBefore = await digestRows(world.services.db);
  expect(rowsBefore).toEqual(before);
}

test("every endpoint has a row, and every row an endpoint", () => {
  expect(Object.keys(ACCESS).toSorted()).toEqual(endpoints.map(nameOf).toSorted());
});

test("a thing that a path names belongs to somebody", () => {
  expect(rows.filter(([, { path }, { belongs }]) => path.includes("{") !== (belongs !== null)).map(([name]) => name)).toEqual([]);
});

test("the protocol declares what the rows say", () => {
  for (const [name, endpoint, { admits, scope }] of rows)
    expect({ name, auth: endpoint.auth, scope: endpoint.scope ?? null }).toEqual({ name, auth: DECLARED[admits], scope });
});

describe("whoever is not named", () => {
  test.each(rows)("%s refuses, and nothing changes", async (_, endpoint, { admits, scope }) => {
    const named = MAY_PASS[admits];
    for (const caller of CALLERS) {
      const isNamed = named.includes(caller) || (caller === "key without scope" && admits === "accounts" && scope === null);
      if (!isNamed) expect([401, 403], caller).toContain(await ask(endpoint, caller));
    }
    await expectNothingChanged();
  });

  const owned = rows.filter(([, , { belongs }]) => belongs === "owner" || belongs === "caller");
  test.each(owned)("%s does nothing with what is somebody else's", async (_, endpoint, { admits, belongs }) => {
    const heard = belongs === "caller" ? [...REFUSALS, 200] : REFUSALS;
    const others = (["anonymous", "stranger", "operator", "other device"] as const).filter((caller) => MAY_PASS[admits].includes(caller));
    for (const caller of others) for (let run = 0; run < 3; run++) expect(heard, caller).toContain(await ask(endpoint, caller, run));
    await expectNothingChanged();
  });
});

describe("another site in the owner's browser", () => {
  const writes = rows.filter(([, { method }]) => method !== "GET");
  const FOREIGN = [
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    { origin: "null" },
    { "sec-fetch-site": "same-site" },
    { origin: "http://127.0.0.1:4000", "sec-fetch-site": "same-site" },
  ];
  test.each(writes)("%s does nothing for it", async (_, endpoint) => {
    for (const caller of ["owner", "operator"] as const)
      for (const from of FOREIGN) expect(await ask(endpoint, caller, 0, from), JSON.stringify(from)).toBe(403);
    await expectNothingChanged();
  });

  // What a page may send elsewhere without asking first: forms, and text.
  const spoken = writes.filter(([, { method, body }]) => method === "POST" && body !== "bytes");
  test.each(spoken)("%s is not understood from a form, whoever sends it", async (_, endpoint) => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
      expect(await ask(endpoint, "anonymous", 0, { "content-type": type }), type).toBeGreaterThanOrEqual(400);
    await expectNothingChanged();
  });
});

describe("the owner", () => {
  /** The job of this world has computed nothing yet, and makes no pictures. */
  const EMPTY = new Set(["GET /api/v1/jobs/{jobId}/outputs/{no}", "GET /api/v1/jobs/{jobId}/picture"]);
  const mine = rows
    .filter(([, { method }, { belongs, admits }]) => belongs === "owner" && method === "GET" && admits !== "everybody")
    .filter(([name]) => !EMPTY.has(name));
  test.each(mine)("%s finds what others were refused", async (_, endpoint) => {
    expect([401, 403, 404]).not.toContain(await ask(endpoint, "owner"));
  });

  test("still has everything", async () => {
    const { db } = world.services;
    for (const table of ["jobs", "private_pools", "pool_invites", "passkeys", "budgets", "uploads", "push_subscriptions"])
      expect(await db`select 1 from ${db(table)}`, table).not.toHaveLength(0);
  });
});
