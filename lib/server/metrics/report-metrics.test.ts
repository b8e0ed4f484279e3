import { afterAll, beforeAll, expect, test } from "vitest";
import { getLegal as getLegalEndpoint } from "#lib/protocol/legal/legal.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { getLegal } from "../consent/get-legal.ts";
import { handle } from "../http/handle.ts";
import { reportMetrics } from "./report-metrics.ts";

const TOKEN = "a-token-of-sixteen";
const ADDRESS = "http://127.0.0.1:3999/api/metrics";
let services: TestServices;

beforeAll(async () => {
  services = await openTestServices();
});
afterAll(() => services.close());

const ask = async (metricsToken: string | null, headers: Record<string, string>) =>
  await reportMetrics(new Request(ADDRESS, { headers }), async () => ({ ...services, config: { ...services.config, metricsToken } }));

test("whoever shows the token reads what was answered, and how the instance stands", async () => {
  const door = handle(getLegalEndpoint, getLegal, async () => services);
  expect((await door(new Request(`http://127.0.0.1:3999${getLegalEndpoint.path}`))).status).toBe(200);
  expect((await door(new Request(`http://127.0.0.1:3999${getLegalEndpoint.path}?nothing=1`))).status).toBe(400);
  const answer = await ask(TOKEN, { authorization: `Bearer ${TOKEN}` });
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(text).toMatch(/shoal_request_seconds_count\{endpoint="getLegal",status="200"\} 1\n/);
  expect(text).toMatch(/shoal_request_seconds_count\{endpoint="getLegal",status="400"\} 1\n/);
  expect(text).toMatch(/shoal_untallied_grants 0\n/);
  expect(text).toMatch(/shoal_process_resident_memory_bytes \d+/);
});

test("nobody else finds anything there", async () => {
  for (const headers of [{}, { authorization: "Bearer a-token-of-sixteeN" }, { authorization: "Bearer " }])
    expect((await ask(TOKEN, headers)).status).toBe(404);
  expect((await ask(null, { authorization: `Bearer ${TOKEN}` })).status).toBe(404);
});
