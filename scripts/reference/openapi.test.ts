import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { ERROR_CODES } from "../../lib/protocol/errors.ts";
import { refusalsOf } from "../../lib/protocol/refusals.ts";
import { listEndpoints } from "./list-endpoints.ts";
import { type Operation, openApi, type Schema } from "./openapi.ts";
import { reachableRefusals } from "./reachable-refusals.ts";

const ROOT = join(import.meta.dirname, "../..");
const endpoints = await listEndpoints();
/** As a reader of the file has it. */
const document = JSON.parse(JSON.stringify(openApi(endpoints))) as ReturnType<typeof openApi>;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ call: `${method.toUpperCase()} ${path}`, path, operation })),
);
const operation = (name: string): Operation => {
  const found = operations.find((candidate) => candidate.operation.operationId === name);
  if (!found) throw new Error(`no operation ${name}`);
  return found.operation;
};

/** What a reference leads to. */
function follow(ref: string): unknown {
  return ref
    .slice(2)
    .split("/")
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
}

function valuesOf(keyword: string, value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => (key === keyword && typeof child === "string" ? [child] : valuesOf(keyword, child)));
}

/** Reads a schema without its classes of Unicode, which JSON Schema allows and zod's reader, building patterns without the flag u, does not know. */
function validatorOf(schema: Schema): z.ZodType {
  const text = JSON.stringify(schema, (key, value: unknown) => (key === "pattern" && String(value).includes("\\p{") ? undefined : value));
  return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
}

test("every route of the app is an operation, and no other", () => {
  const routes = globSync("app/api/v1/**/route.ts", { cwd: ROOT }).flatMap((file) => {
    const path = file
      .replace(/^app/, "/")
      .replace("//", "/")
      .replace(/\/route\.ts$/, "")
      .replace(/\[(\w+)\]/g, "{$1}");
    return [...readFileSync(join(ROOT, file), "utf8").matchAll(/export const (GET|POST|PUT|DELETE)\b/g)].map(([, method]) => `${method} ${path}`);
  });
  expect(operations.map(({ call }) => call).sort()).toEqual(routes.sort());
});

describe.each(operations)("$call", ({ path, operation: { operationId, parameters, responses } }) => {
  test("declares the parameters of its path, and none that a query cannot hold", () => {
    const declared = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => `{${name}}`);
    expect(declared).toEqual(path.match(/\{\w+\}/g) ?? []);
    for (const { schema } of parameters) {
      expect(schema, operationId).not.toEqual({});
      expect(["object", "array"]).not.toContain(schema.type);
    }
  });

  test("leads only to what is there", () => {
    for (const ref of valuesOf("$ref", responses)) expect(follow(ref), ref).toBeDefined();
  });
});

test("every pattern is one of a Unicode regular expression", () => {
  const patterns = new Set(valuesOf("pattern", document));
  expect(patterns.size).toBeGreaterThan(3);
  for (const pattern of patterns) expect(() => new RegExp(pattern, "u"), pattern).not.toThrow();
});

test("operations have names of their own", () => {
  expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
});

describe("refusals", () => {
  /** Status and code of everything that an operation refuses with, as a reader of the document finds it. */
  const refusalsIn = ({ responses }: Operation): string[] =>
    Object.entries(responses).flatMap(([status, response]) => {
      if (!("$ref" in response)) return [];
      const { content } = follow(response.$ref) as {
        content: { "application/json": { schema: { properties: { error: { properties: { code: { enum: string[] } } } } } } };
      };
      return content["application/json"].schema.properties.error.properties.code.enum.map((code) => `${status} ${code}`);
    });
  const found = reachableRefusals();

  test.each(operations)("of $call are those that its code can throw, and no other", ({ call, operation: { operationId } }) => {
    const endpoint = endpoints.find(({ name }) => name === operationId) as Endpoint;
    const door = new Set(refusalsOf({ ...endpoint, refusals: [] }));
    const codes = [...(found.get(call) ?? [])].filter((code) => !door.has(code));
    expect([...(endpoint.refusals ?? [])].sort(), "refusals, in lib/protocol").toEqual(codes.sort());
    expect(refusalsIn(operation(operationId)).sort()).toEqual([...door, ...codes].map((code) => `${ERROR_CODES[code].status} ${code}`).sort());
  });

  test("hold every code that is an answer, and none that is a reason", () => {
    const all = new Set(operations.flatMap((candidate) => refusalsIn(candidate.operation)));
    expect([...all].sort()).toEqual(
      Object.entries(ERROR_CODES)
        .filter(([, { status }]) => status !== 200)
        .map(([code, { status }]) => `${status} ${code}`)
        .sort(),
    );
  });

  test("are looked for in what a route leads to: through commands, into what they call, not into comments", () => {
    expect(found.get("POST /api/v1/jobs")).toContain("input_malformed");
    expect(found.get("POST /api/v1/jobs/{jobId}/resume")).toContain("job_in_review");
    expect(found.get("POST /api/v1/exchange")).toContain("version_unsupported");
    expect(found.get("GET /api/v1/jobs/{jobId}")).not.toContain("forbidden");
    expect(found.get("GET /api/v1/network")).toEqual(new Set());
    expect(found.size).toBe(operations.length);
  });
});

describe("the examples of docs/reference/protocol.md", () => {
  const page = readFileSync(join(ROOT, "docs/reference/protocol.md"), "utf8");
  const blocks = [...page.matchAll(/^```json (\w+)\.(input|output)\n(.*?)^```/gms)].map(([, name = "", side = "", text = ""]) => ({ name, side, text }));
  const bodyOf = (name: string): Schema => operation(name).requestBody?.content["application/json"]?.schema ?? {};
  const answerOf = (name: string): Schema => {
    const response = operation(name).responses["200"];
    const schema = response && "content" in response ? response.content["application/json"]?.schema : undefined;
    return follow(String(schema?.$ref)) as Schema;
  };

  test.each(blocks)("$name, $side (case %#) is valid by the document", ({ name, side, text }) => {
    const schema = validatorOf(side === "input" ? bodyOf(name) : answerOf(name));
    expect(schema.safeParse(JSON.parse(text))).toMatchObject({ success: true });
  });

  test("would not be with a field of a body that nobody knows, a wrong id or a missing field", () => {
    const valid = JSON.parse(blocks.find(({ name }) => name === "listReceipts")?.text ?? "") as { shards: [{ jobId: string; no: number }] };
    const schema = validatorOf(bodyOf("listReceipts"));
    expect(schema.safeParse(valid).success).toBe(true);
    expect(schema.safeParse({ ...valid, extra: 1 }).success).toBe(false);
    expect(schema.safeParse({ shards: [{ ...valid.shards[0], jobId: "job_1" }] }).success).toBe(false);
    expect(schema.safeParse({}).success).toBe(false);
  });
});
