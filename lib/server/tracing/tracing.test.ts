import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { endpoint } from "#lib/protocol/endpoint.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { transaction } from "../db/transaction.ts";
import { handle } from "../http/handle.ts";
import { startTracing } from "./start-tracing.ts";
import { endTracing } from "./tracing.ts";

type Value = { stringValue?: string; intValue?: number | string };
type Span = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  status: { code?: number };
  attributes: { key: string; value: Value }[];
};

/** A collector that takes OTLP over HTTP as JSON. */
class Collector {
  readonly #server: Server;
  readonly bodies: string[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        this.bodies.push(Buffer.concat(parts).toString());
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/traces`;
  }

  get spans(): Span[] {
    type Body = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
    return this.bodies.flatMap((body) => (JSON.parse(body) as Body).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const SECRET = "what a person sent";
const shape = { method: "GET", path: "/look", auth: "public", input: z.strictObject({}), output: z.object({ n: z.number() }), summary: "Looks." } as const;

let services: TestServices;
let collector: Collector;
let url: string;
beforeAll(async () => {
  services = await openTestServices();
  collector = new Collector();
  url = await collector.listen();
});
afterEach(async () => {
  await endTracing();
  collector.bodies.length = 0;
});
afterAll(async () => {
  await collector.close();
  await services.close();
});

/** A door whose command reads twice in one transaction, and fails if it is told to. */
async function look(headers: Record<string, string> = {}, fails = false): Promise<Response> {
  const door = handle(
    endpoint({ ...shape, name: "look" }),
    async (ctx) =>
      await transaction(ctx.db, async (tx) => {
        await tx`select ${SECRET}::text as told`;
        if (fails) await tx`select 1 / ${0}::int as n`;
        const [row] = await tx<{ n: number }[]>`select 7 as n`;
        return { n: row?.n ?? 0 };
      }),
    async () => services,
  );
  return await door(new Request("http://127.0.0.1:3999/look", { headers }));
}

const attributesOf = ({ attributes }: Span) => Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));

test("a request's trace reaches the statements of its transaction, and tells no value of anybody", async () => {
  startTracing({ url, share: 1 }, { service: "shoal test", log: services.log });
  const answers = await Promise.all([look(), look()]);
  await endTracing();
  const roots = collector.spans.filter(({ name }) => name === "look");
  expect(roots).toHaveLength(2);
  for (const root of roots) {
    const children = collector.spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
    expect(children.map(({ name }) => name).toSorted()).toEqual(["db begin", "db commit", "db select", "db select"]);
    expect(children.every(({ traceId }) => traceId === root.traceId)).toBe(true);
    expect(attributesOf(root)).toMatchObject({ "http.route": "/look", "http.response.status_code": 200 });
  }
  expect(roots.map((root) => attributesOf(root)["shoal.request_id"]).toSorted()).toEqual(
    answers.map((answer) => answer.headers.get("x-request-id")).toSorted(),
  );
  expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(2);
  expect(collector.spans.some((span) => String(attributesOf(span)["db.query.text"]).includes("::text as told"))).toBe(true);
  expect(collector.bodies.join()).not.toContain(SECRET);
  expect(collector.bodies.join()).toContain("shoal test");
});

test("a statement that fails is told with its kind and without its message; the answer stays what it was", async () => {
  startTracing({ url, share: 1 }, { service: "shoal test", log: services.log });
  expect((await look({}, true)).status).toBe(500);
  await endTracing();
  const failed = collector.spans.filter(({ status }) => status.code === 2);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.map((span) => attributesOf(span)["error.type"])).toContain("error 22012");
  expect(collector.bodies.join()).not.toContain("division by zero");
});

test("attack: a client's own trace is not joined, and does not make the instance tell", async () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  startTracing({ url, share: 1 }, { service: "shoal test", log: services.log });
  await look({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  await endTracing();
  expect(collector.spans.length).toBeGreaterThan(0);
  expect(collector.bodies.join()).not.toContain(traceId);
  collector.bodies.length = 0;
  startTracing({ url, share: 0 }, { service: "shoal test", log: services.log });
  await look({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  await endTracing();
  expect(collector.spans).toEqual([]);
});

test("without the setting nothing is sent, and a collector that is gone costs nobody their answer", async () => {
  expect((await look()).status).toBe(200);
  expect(collector.bodies).toEqual([]);
  startTracing({ url: "http://127.0.0.1:9/v1/traces", share: 1 }, { service: "shoal test", log: services.log });
  expect((await look()).status).toBe(200);
});
