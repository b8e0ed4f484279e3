import fc from "fast-check";
import { z } from "zod";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";

type JsonSchema = {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
};

const ITEMS_MAX = 3;
const CHARS_MAX = 40;
const INT_MAX = 2 ** 31;

/** Inputs that fit an endpoint's schema as far as JSON Schema can say it; the finer rules of a schema may still refuse them. */
export function drawInput(endpoint: Endpoint): fc.Arbitrary<Record<string, unknown>> {
  const schema = z.toJSONSchema(endpoint.input, { io: "input", unrepresentable: "any", reused: "inline" }) as JsonSchema;
  return drawValue(schema) as fc.Arbitrary<Record<string, unknown>>;
}

const JUNK = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1e308,
    2 ** 53,
    "",
    "\u0000",
    "💥\ud800",
    [],
    {},
    true,
    "__proto__",
    "../../etc/passwd",
    "' or 1=1; --",
    "9".repeat(400),
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** An input of which one thing is wrong, or several: a field lost, added, or holding something it should not. */
export function drawWrongInput(endpoint: Endpoint): fc.Arbitrary<Record<string, unknown>> {
  const change = fc.record({ at: fc.nat(), how: fc.constantFrom("lose", "add", "junk", "deep"), junk: JUNK });
  return fc.tuple(drawInput(endpoint), fc.array(change, { minLength: 1, maxLength: 3 })).map(([input, changes]) => changes.reduce(spoil, input));
}

function spoil(input: Record<string, unknown>, change: { at: number; how: string; junk: unknown }): Record<string, unknown> {
  const names = Object.keys(input);
  const name = names[change.at % Math.max(1, names.length)];
  if (change.how === "add" || name === undefined) return { ...input, [`extra${change.at % 7}`]: change.junk };
  if (change.how === "lose") return Object.fromEntries(Object.entries(input).filter(([key]) => key !== name));
  const value = input[name];
  if (change.how === "deep" && typeof value === "object" && value !== null && !Array.isArray(value))
    return { ...input, [name]: spoil(value as Record<string, unknown>, { ...change, how: "junk" }) };
  return { ...input, [name]: change.junk };
}

function drawValue(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const options = schema.anyOf ?? schema.oneOf ?? schema.allOf?.slice(0, 1);
  if (options) return fc.oneof(...options.map(drawValue));
  const draw = BY_TYPE[schema.type ?? (schema.properties ? "object" : "")];
  return draw ? draw(schema) : fc.jsonValue({ maxDepth: 1 });
}

const BY_TYPE: Readonly<Record<string, (schema: JsonSchema) => fc.Arbitrary<unknown>>> = {
  object: drawObject,
  array: drawArray,
  string: drawString,
  integer: ({ minimum = -INT_MAX, maximum = INT_MAX }) => fc.integer({ min: Math.max(minimum, -INT_MAX), max: Math.min(maximum, INT_MAX) }),
  number: ({ minimum = -1e9, maximum = 1e9 }) => fc.double({ min: minimum, max: maximum, noNaN: true }),
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
};

function drawArray({ items = {}, minItems = 0, maxItems = ITEMS_MAX }: JsonSchema): fc.Arbitrary<unknown> {
  return fc.array(drawValue(items), { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, ITEMS_MAX)) });
}

function drawObject(schema: JsonSchema): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {}).map(([name, value]) => [name, drawValue(value)] as const);
  return fc.record(Object.fromEntries(properties), { requiredKeys: schema.required ?? [] }).map((value) => ({ ...value }));
}

function drawString(schema: JsonSchema): fc.Arbitrary<string> {
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern));
  const minLength = schema.minLength ?? 0;
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(schema.maxLength ?? CHARS_MAX, CHARS_MAX)) });
}
