import { existsSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Endpoint } from "#lib/protocol/endpoint.ts";
import { ERROR_CODES } from "#lib/protocol/errors.ts";
import { atSize, TEST_SEED } from "#lib/testing/run-size.ts";
import { countRows } from "#lib/testing/submission.ts";
import { listEndpoints } from "../reference/list-endpoints.ts";
import { CALLERS, type Caller, type DoorWorld, openDoorWorld, routeFileOf } from "./door-world.ts";
import { drawInput, drawWrongInput } from "./draw-input.ts";

/*
 * Every endpoint of the protocol, as the app mounts it: who may pass, and what nonsense does to it.
 */
const endpoints = await listEndpoints();
const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`;
const cases = endpoints.map((endpoint) => [nameOf(endpoint), endpoint] as const);
const ANSWER_MS_MAX = 10_000;
/** Whoever calls these is not there any more afterwards; strangers to this world may. */
const ENDS_ITS_CALLER = new Set(["DELETE /api/v1/me", "DELETE /api/v1/keys/current", "DELETE /api/v1/session"]);

let world: DoorWorld;
beforeAll(async () => {
  world = await openDoorWorld();
});
afterAll(() => world.close());

/** The first inputs that fit, with the owner's own things where the endpoint asks for a thing. */
function fittingInputs(endpoint: Endpoint, count: number): Record<string, unknown>[] {
  return fc.sample(drawInput(endpoint), { seed: TEST_SEED, numRuns: count }).map((input) => ({ ...input, ...ownedFieldsOf(endpoint) }));
}
function ownedFieldsOf(endpoint: Endpoint): Record<string, string> {
  return Object.fromEntries(Object.entries(world.owned).filter(([name]) => endpoint.path.includes(`{${name}}`)));
}

async function ask(endpoint: Endpoint, caller: Caller, input: Record<string, unknown>): Promise<{ status: number; code: string | null }> {
  const answered = world.call(endpoint, caller, input);
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(`${nameOf(endpoint)} hangs on ${JSON.stringify(input)}`)), ANSWER_MS_MAX).unref(),
  );
  const response = await Promise.race([answered, late]);
  if (response.status < 400) {
    await response.body?.cancel();
    return { status: response.status, code: null };
  }
  const body = (await response.json()) as { error: { code: string } };
  return { status: response.status, code: body.error.code };
}

test("every endpoint has its route", () => {
  expect(endpoints.filter((endpoint) => !existsSync(routeFileOf(endpoint))).map(nameOf)).toEqual([]);
});

describe("who may pass", () => {
  const wrongOnes: Record<Endpoint["auth"], Caller[]> = {
    public: [],
    account: ["anonymous", "device"],
    session: ["anonymous", "device"],
    device: ["anonymous", "owner", "key"],
    "account-or-device": ["anonymous"],
  };

  test.each(cases)("%s turns away who cannot be meant, and nothing changes", async (_, endpoint) => {
    const before = await countRows(world.services.db);
    for (const caller of wrongOnes[endpoint.auth])
      for (const input of fittingInputs(endpoint, 2)) expect(await ask(endpoint, caller, input), caller).toEqual({ status: 401, code: "unauthenticated" });
    if (endpoint.auth === "session")
      for (const input of fittingInputs(endpoint, 2)) expect(await ask(endpoint, "key", input)).toEqual({ status: 403, code: "forbidden" });
    if (endpoint.auth === "account" && endpoint.scope) {
      const [input = {}] = fittingInputs(endpoint, 1);
      expect(await ask(endpoint, "key without scope", input)).toEqual({ status: 403, code: "key_scope" });
    }
    expect(await countRows(world.services.db)).toEqual(before);
  });
});

describe("nonsense", () => {
  const passed = new Set<string>();
  test.each(cases)(
    "%s answers it with a code of the table, never with a fault, and keeps nothing of it",
    { timeout: atSize(60_000, 900_000) },
    async (_, endpoint) => {
      const inputs = fc.sample(drawWrongInput(endpoint), { seed: TEST_SEED, numRuns: atSize(5, 400) });
      const fitting = fc.sample(drawInput(endpoint), { seed: TEST_SEED, numRuns: atSize(2, 100) });
      let turn = 0;
      for (const input of [...inputs, ...fitting]) {
        const caller = ENDS_ITS_CALLER.has(nameOf(endpoint)) ? "anonymous" : (CALLERS[turn % CALLERS.length] ?? "owner");
        turn += 1;
        const before = await countRows(world.services.db);
        const { status, code } = await ask(endpoint, caller, turn % 2 === 0 ? { ...input, ...ownedFieldsOf(endpoint) } : input);
        const told = `${caller} ${JSON.stringify(input)} ${code}`;
        expect(status, told).toBeLessThan(500);
        if (status < 400) {
          passed.add(nameOf(endpoint));
          continue;
        }
        expect(Object.hasOwn(ERROR_CODES, code ?? ""), told).toBe(true);
        const after = await countRows(world.services.db);
        // A challenge is used up by whoever tries it, right or wrong.
        expect({ ...after, challenges: 0 }, told).toEqual({ ...before, challenges: 0 });
      }
    },
  );

  test("many of the inputs that fit got through, so that nonsense was not only met at the first lock", () => {
    expect(passed.size).toBeGreaterThan(endpoints.length / 4);
  });
});
