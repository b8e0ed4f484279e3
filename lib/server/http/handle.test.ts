import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { AccountId } from "#lib/domain/ids.ts";
import { endpoint, type KeyScope } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { makeAccount, makeDevice, makeKey } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { sessionCookie } from "../accounts/session-cookie.ts";
import { signDeviceToken } from "../devices/device-token.ts";
import { createLog } from "../log.ts";
import { getProcessRecord } from "../operations/process-record.ts";
import { type Door, handle, handleDownload, handleUpload, handleWithHeaders } from "./handle.ts";

const ORIGIN = "http://127.0.0.1:3999";

const echo = endpoint({
  name: "echo",
  method: "POST",
  path: "/things/{thing}",
  auth: "public",
  bodyBytesMax: 1000,
  input: z.strictObject({ thing: z.string(), count: z.int().max(9).optional(), nested: z.strictObject({ name: z.string() }).optional() }),
  output: z.object({ thing: z.string(), count: z.number().nullable() }),
  summary: "Says what it was told.",
});
const write = endpoint({
  ...echo,
  name: "write",
  path: "/write",
  auth: "account",
  scope: "jobs:write",
  input: z.strictObject({}),
  output: z.object({ who: z.string() }),
});
const read = endpoint({ ...write, name: "read", method: "GET", scope: "jobs:read" });
const compute = endpoint({ ...write, name: "compute", auth: "device" });
const search = endpoint({
  ...echo,
  name: "search",
  method: "GET",
  path: "/search",
  input: z.strictObject({ q: z.string() }),
  output: z.object({ q: z.string() }),
});
const upload = endpoint({ ...echo, name: "upload", body: "bytes", input: z.strictObject({ thing: z.string() }), output: z.object({ bytes: z.number() }) });
const download = endpoint({ ...search, name: "download", answer: "bytes", input: z.strictObject({}), output: z.instanceof(Uint8Array) });

let services: TestServices;
const source = async () => services;
let account: AccountId;

beforeAll(async () => {
  services = await openTestServices();
  account = (await makeAccount(services)).accountId;
  await services.db`update accounts set sessions_valid_from = ${services.clock.now()}`;
});
afterAll(() => services.close());

const sayEcho: Door = handle(echo, async (_, input) => ({ thing: input.thing, count: input.count ?? null }), source);
const who = async (ctx: { principal: { kind: string } }) => ({ who: ctx.principal.kind });
const doors = { write: handle(write, who, source), read: handle(read, who, source), compute: handle(compute, who, source) };

function post(path: string, body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request(ORIGIN + path, { method: "POST", body, headers: { "content-type": "application/json", ...headers }, duplex: "half" } as RequestInit);
}
async function errorOf(response: Response) {
  const { error } = (await response.json()) as { error: { code: string; params: Record<string, string>; message: string } };
  return { status: response.status, ...error };
}
async function cookie(): Promise<string> {
  return String((await sessionCookie(services.config, { accountId: account, issuedAt: services.clock.now() })).split(";", 1)[0]);
}
async function key(scopes: KeyScope[]): Promise<string> {
  return `Bearer ${(await makeKey(services, account, scopes)).secret}`;
}
async function token(): Promise<string> {
  const { deviceId, ctx } = await makeDevice(services);
  const signed = await signDeviceToken(services, { deviceId, voterId: ctx.principal.voterId, trusted: false, thumbprint: "t" });
  return `Bearer ${signed.token}`;
}

describe("200", () => {
  test("path and body make one input, and the path wins", async () => {
    const response = await sayEcho(post("/things/a%20b", JSON.stringify({ thing: "from the body", count: 3 })));
    expect([response.status, await response.json()]).toEqual([200, { thing: "a b", count: 3 }]);
  });

  test("nothing beyond the endpoint's output leaves, and nobody keeps or guesses it", async () => {
    const leaky = handle(echo, async () => ({ thing: "x", count: 1, secret: "hidden" }) as { thing: string; count: number }, source);
    const response = await leaky(post("/things/x", "{}"));
    expect(await response.json()).toEqual({ thing: "x", count: 1 });
    expect(Object.fromEntries(response.headers)).toEqual({
      "cache-control": "no-store",
      "content-type": "application/json",
      "x-content-type-options": "nosniff",
      "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test("a command's headers go with its answer", async () => {
    const door = handleWithHeaders(echo, async () => ({ output: { thing: "x", count: null }, headers: { "set-cookie": "a=b" } }), source);
    expect((await door(post("/things/x", "{}"))).headers.getSetCookie()).toEqual(["a=b"]);
  });

  test("an uploaded body reaches the command piece by piece", async () => {
    const sizes: number[] = [];
    const door = handleUpload(
      upload,
      async (_ctx, _input, body) => {
        for await (const chunk of body) sizes.push(chunk.length);
        return { bytes: sizes.reduce((sum, size) => sum + size, 0) };
      },
      source,
    );
    const response = await door(post("/things/x", streamOf([new Uint8Array(700), new Uint8Array(800)]), { "content-type": "application/octet-stream" }));
    expect([await response.json(), sizes]).toEqual([{ bytes: 1500 }, [700, 800]]);
  });

  test("a download sees the range that was asked for, and stops when its reader leaves", async () => {
    let isReleased = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(10);
      } finally {
        isReleased = true;
      }
    }
    const door = handleDownload(download, async (_ctx, _input, { range }) => ({ status: 206, headers: { "x-range": String(range) }, body: endless() }), source);
    const response = await door(new Request(`${ORIGIN}/search`, { headers: { range: "bytes=0-9" } }));
    expect([response.status, response.headers.get("x-range"), response.headers.get("x-content-type-options")]).toEqual([206, "bytes=0-9", "nosniff"]);
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.length).toBe(10);
    await reader?.cancel();
    expect(isReleased).toBe(true);
  });
});

describe("400", () => {
  const cases: [string, Request, { field?: string; problem?: RegExp; code?: string }][] = [
    ["an unknown field is named", post("/things/x", '{"count":1,"colour":"red"}'), { field: "colour", problem: /not a known field/ }],
    [
      "a nested unknown field is named with its place",
      post("/things/x", '{"nested":{"name":"n","extra":1}}'),
      { field: "nested.extra", problem: /not a known field/ },
    ],
    ["a wrong value is named with what is wrong", post("/things/x", '{"count":10}'), { field: "count", problem: /at most 9/ }],
    ["a prototype as a field is an unknown field", post("/things/x", '{"__proto__":{"count":1}}'), { field: "__proto__", problem: /not a known field/ }],
    [
      "a nested prototype is one too",
      post("/things/x", '{"nested":{"name":"n","__proto__":{"x":1}}}'),
      { field: "nested.__proto__", problem: /not a known field/ },
    ],
    ["an array is no object", post("/things/x", "[]"), { field: "(body)", problem: /JSON object/ }],
    ["null is no object", post("/things/x", "null"), { field: "(body)", problem: /JSON object/ }],
    ["deep nesting is only wrong input", post("/things/x", "[".repeat(500) + "]".repeat(500)), { field: "(body)", problem: /JSON object/ }],
    ["broken percent-encoding in the path", post("/things/%E0%A4%A", "{}"), { field: "(path)", problem: /percent-encoding/ }],
    ["text that is not JSON", post("/things/x", "{count:1}"), { code: "not_json" }],
    ["bytes that are not UTF-8", post("/things/x", new Uint8Array([0x7b, 0xff, 0x7d])), { code: "not_json" }],
    ["a body of another type", post("/things/x", "{}", { "content-type": "text/plain" }), { code: "not_json" }],
    ["a form", post("/things/x", "count=1", { "content-type": "application/x-www-form-urlencoded" }), { code: "not_json" }],
  ];
  test.each(cases)("%s", async (_name, request, wanted) => {
    const error = await errorOf(await sayEcho(request));
    expect([error.status, error.code]).toEqual([400, wanted.code ?? "bad_request"]);
    if (wanted.field) expect(error.params.field).toBe(wanted.field);
    if (wanted.problem) expect(error.params.problem).toMatch(wanted.problem);
    expect(Object.prototype).not.toHaveProperty("count");
  });

  test("a query parameter given twice, or one that is not known, is refused by name", async () => {
    const door = handle(search, async (_, input) => ({ q: input.q }), source);
    expect((await errorOf(await door(new Request(`${ORIGIN}/search?q=a&q=b`)))).params.field).toBe("q");
    expect((await errorOf(await door(new Request(`${ORIGIN}/search?q=a&__proto__=b`)))).params.field).toBe("__proto__");
    expect((await errorOf(await door(new Request(`${ORIGIN}/search`)))).params.field).toBe("q");
    expect(await (await door(new Request(`${ORIGIN}/search?q=%FF`))).json()).toEqual({ q: "\uFFFD" });
  });

  test("a body that breaks off is refused, not our fault", async () => {
    const error = await errorOf(await sayEcho(post("/things/x", streamOf([new TextEncoder().encode('{"count"')], new Error("connection lost")))));
    expect([error.status, error.params.problem]).toEqual([400, "the connection ended before the body did"]);
  });
});

describe("401 and 403", () => {
  test("each kind of credential opens the doors meant for it and no others", async () => {
    const credentials: Record<string, Record<string, string>> = {
      nobody: {},
      session: { cookie: await cookie() },
      key: { authorization: await key(["jobs:write"]) },
      "key without the scope": { authorization: await key(["jobs:read"]) },
      device: { authorization: await token() },
    };
    const answers: Record<string, string> = {};
    for (const [name, headers] of Object.entries(credentials)) {
      const codes = await Promise.all([doors.write, doors.compute].map(async (door) => codeOf(await door(post("/write", "{}", headers)))));
      answers[name] = codes.join(" ");
    }
    expect(answers).toEqual({
      nobody: "unauthenticated unauthenticated",
      session: "200 unauthenticated",
      key: "200 unauthenticated",
      "key without the scope": "key_scope unauthenticated",
      device: "unauthenticated 200",
    });
  });

  test("the body of somebody who may not call is not read", async () => {
    let isRead = false;
    const body = new ReadableStream(
      {
        pull(controller) {
          isRead = true;
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    expect(await codeOf(await doors.write(post("/write", body)))).toBe("unauthenticated");
    expect(isRead).toBe(false);
  });

  test("what another site does with a session is refused, whichever header tells; a link that it follows, and writes by key, are not", async () => {
    const session = { cookie: await cookie() };
    const from = async (headers: Record<string, string>) => codeOf(await doors.write(post("/write", "{}", headers)));
    expect(await from({ ...session, origin: ORIGIN, "sec-fetch-site": "same-origin" })).toBe("200");
    expect(await from({ ...session, origin: "http://evil.example" })).toBe("wrong_origin");
    expect(await from({ ...session, origin: "null" })).toBe("wrong_origin");
    expect(await from({ ...session, origin: "http://127.0.0.1:4000", "sec-fetch-site": "same-site" })).toBe("wrong_origin");
    expect(await from({ ...session, "sec-fetch-site": "cross-site" })).toBe("wrong_origin");
    expect(await from({ authorization: await key(["jobs:write"]), cookie: "other=1", origin: "http://evil.example" })).toBe("200");
    const reading = async (headers: Record<string, string>) =>
      codeOf(await doors.read(new Request(`${ORIGIN}/write`, { headers: { ...session, ...headers } })));
    expect(await reading({ origin: "http://evil.example", "sec-fetch-site": "cross-site" })).toBe("wrong_origin");
    expect(await reading({ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" })).toBe("200");
  });
});

describe("413", () => {
  test("a body that says it is too large is refused unread", async () => {
    const error = await errorOf(await sayEcho(post("/things/x", "{}", { "content-length": "1001" })));
    expect([error.status, error.code, error.params.limit]).toEqual([413, "too_large", 1000]);
  });

  test("a body that does not say so is read no further than the limit", async () => {
    let chunks = 0;
    const body = new ReadableStream(
      {
        pull(controller) {
          chunks++;
          controller.enqueue(new Uint8Array(100));
        },
      },
      { highWaterMark: 0 },
    );
    expect((await errorOf(await sayEcho(post("/things/x", body)))).code).toBe("too_large");
    expect(chunks).toBeLessThanOrEqual(12);
  });
});

describe("500", () => {
  test("a fault of ours shows a reference and nothing else, and is logged whole under it", async () => {
    const lines: unknown[] = [];
    const log = createLog({ logLevel: "error" }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const cause = new Error("password of the database");
    const door = handle(
      echo,
      () => Promise.reject(cause),
      async () => ({ ...services, log }),
    );
    const response = await door(post("/things/x", "{}"));
    const requestId = response.headers.get("x-request-id");
    const error = await errorOf(response);
    expect(error.status).toBe(500);
    expect(JSON.stringify(error)).not.toContain("password");
    expect(lines).toMatchObject([{ err: { message: cause.message }, reference: error.params.reference, requestId }]);
  });

  test("an answer that does not fit its endpoint is a fault of ours", async () => {
    const door = handle(echo, async () => ({ thing: 7 }) as never, source);
    expect((await errorOf(await door(post("/things/x", "{}")))).code).toBe("internal");
  });
});

test("an error of the protocol arrives with its status, parameters and sentence", async () => {
  const door = handle(echo, () => Promise.reject(new ApiError("rate_limited", { seconds: 7 })), source);
  const response = await door(post("/things/x", "{}"));
  expect(response.headers.get("retry-after")).toBe("7");
  expect(await errorOf(response)).toEqual({ status: 429, code: "rate_limited", params: { seconds: 7 }, message: "Too many requests. Try again in 7 s." });
});

test("a refusal that the endpoint does not name is answered, noted and logged, because no client could expect it", async () => {
  const lines: unknown[] = [];
  const log = createLog({ logLevel: "error" }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const held = globalThis as { shoalRecord?: unknown };
  const before = held.shoalRecord;
  delete held.shoalRecord;
  try {
    const door = handle(
      echo,
      () => Promise.reject(new ApiError("zip_refused", { problem: "a test" })),
      async () => ({ ...services, log }),
    );
    expect((await errorOf(await door(post("/things/x", "{}")))).code).toBe("zip_refused");
    expect(getProcessRecord().unnamed).toEqual(["echo: zip_refused"]);
    expect(lines).toMatchObject([{ code: "zip_refused", where: "echo" }]);
  } finally {
    held.shoalRecord = before;
  }
});

test("a download that fails in the middle breaks off instead of ending", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10);
    throw new Error("the disk is gone");
  }
  const door = handleDownload(download, async () => ({ status: 200, headers: {}, body: broken() }), source);
  await expect((await door(new Request(`${ORIGIN}/search`))).arrayBuffer()).rejects.toThrow("the disk is gone");
});

async function codeOf(response: Response): Promise<string> {
  return response.ok ? String(response.status) : (await errorOf(response)).code;
}

function streamOf(chunks: Uint8Array[], end?: Error): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else if (end) controller.error(end);
      else controller.close();
    },
  });
}
