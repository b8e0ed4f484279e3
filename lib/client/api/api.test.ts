import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { endpoint } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { type Api, createApi, OfflineError } from "./api.ts";

const base = { auth: "public", output: z.object({ ok: z.boolean() }), summary: "" } as const;
const rename = endpoint({
  ...base,
  name: "rename",
  method: "POST",
  path: "/things/{thing}/name",
  input: z.strictObject({ thing: z.string(), name: z.string() }),
});
const search = endpoint({
  ...base,
  name: "search",
  method: "GET",
  path: "/things",
  input: z.strictObject({ q: z.string(), limit: z.number().optional(), exact: z.boolean() }),
});
const remove = endpoint({
  ...base,
  name: "remove",
  method: "DELETE",
  path: "/things/{thing}",
  input: z.strictObject({ thing: z.string(), everywhere: z.boolean() }),
});
const upload = endpoint({
  ...base,
  name: "upload",
  method: "PUT",
  path: "/things/{thing}",
  body: "bytes",
  input: z.strictObject({ thing: z.string(), part: z.string() }),
});

type Seen = { line: string; type: string | undefined; authorization: string | undefined; body: string };
let server: Server;
let baseUrl: string;
let api: Api;
let seen: Seen[];
let answer: (outgoing: ServerResponse, incoming: IncomingMessage) => void;

beforeAll(async () => {
  server = createServer(async (incoming, outgoing) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method, url, headers } = incoming;
    seen.push({ line: `${method} ${url}`, type: headers["content-type"], authorization: headers.authorization, body: Buffer.concat(chunks).toString() });
    answer(outgoing, incoming);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  api = createApi({ baseUrl });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
  answer = (outgoing) => outgoing.setHeader("content-type", "application/json").end('{"ok":true}');
});

async function failure(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => expect.unreachable("the call should have failed"),
    (error: unknown) => error,
  );
}
const search1 = () => api.call(search, { q: "x", exact: false });

describe("a call", () => {
  test("puts parameters of the path into the path, escaped, and the rest into the JSON body", async () => {
    expect(await api.call(rename, { thing: "../a b?", name: "ñ" })).toEqual({ ok: true });
    expect(seen).toEqual([{ line: "POST /things/..%2Fa%20b%3F/name", type: "application/json", authorization: undefined, body: '{"name":"ñ"}' }]);
  });

  test("puts the rest into the query where there is no JSON body, without what is undefined", async () => {
    await api.call(search, { q: "a&b=ñ", exact: true, limit: undefined });
    await api.call(remove, { thing: "t", everywhere: false });
    expect(seen.map((request) => request.line)).toEqual(["GET /things?q=a%26b%3D%C3%B1&exact=true", "DELETE /things/t?everywhere=false"]);
  });

  test("streams a body of bytes", async () => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("ab"));
        controller.enqueue(new TextEncoder().encode("cd"));
        controller.close();
      },
    });
    await api.call(upload, { thing: "t", part: "input" }, { body });
    expect(seen).toMatchObject([{ line: "PUT /things/t?part=input", body: "abcd" }]);
  });

  test("asks for the credential before every request, because it changes", async () => {
    let count = 0;
    const withToken = createApi({ baseUrl, token: async () => (++count === 2 ? null : `token${count}`) });
    for (let i = 0; i < 3; i++) await withToken.call(search, { q: "x", exact: true });
    expect(seen.map((request) => request.authorization)).toEqual(["Bearer token1", undefined, "Bearer token3"]);
  });
});

describe("an error", () => {
  test("of the protocol is the one the server threw", async () => {
    answer = (outgoing) => outgoing.writeHead(403).end('{"error":{"code":"key_scope","params":{"scope":"jobs:read"},"message":"…"}}');
    const error = await failure(search1());
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "key_scope", params: { scope: "jobs:read" }, status: 403, message: "This API key does not have the scope jobs:read." });
  });

  test("with a code this client does not know, or one of an object's own names, is not taken for one it knows", async () => {
    for (const code of ["brand_new", "constructor", "__proto__"]) {
      answer = (outgoing) => outgoing.writeHead(400).end(JSON.stringify({ error: { code } }));
      expect(await failure(search1())).toMatchObject({ code: "bad_request" });
    }
  });

  test("of something in between, that is no answer of an instance, means that it cannot be reached", async () => {
    answer = (outgoing) => outgoing.writeHead(502).end("<html>Bad gateway</html>");
    expect(await failure(search1())).toBeInstanceOf(OfflineError);
    answer = (outgoing) => outgoing.writeHead(200).end("<html>Sign in to this hotel's network</html>");
    expect(await failure(search1())).toBeInstanceOf(OfflineError);
  });

  test("of the network is an OfflineError, before the answer and in the middle of it", async () => {
    answer = (outgoing) => outgoing.destroy();
    expect(await failure(search1())).toBeInstanceOf(OfflineError);
    answer = (outgoing) => {
      outgoing.writeHead(200, { "content-length": "100" }).write('{"ok":');
      setTimeout(() => outgoing.destroy(), 20);
    };
    expect(await failure(search1())).toBeInstanceOf(OfflineError);
    expect(await failure(createApi({ baseUrl: "http://127.0.0.1:1" }).call(search, { q: "x", exact: true }))).toBeInstanceOf(OfflineError);
  });

  test("of the caller, who no longer wants the answer, is the caller's own reason, also while the body arrives", async () => {
    const reason = new Error("changed my mind");
    answer = () => {};
    const early = new AbortController();
    const call = api.call(search, { q: "x", exact: true }, { signal: early.signal });
    early.abort(reason);
    expect(await failure(call)).toBe(reason);

    const late = new AbortController();
    answer = (outgoing) => {
      outgoing.writeHead(200, { "content-length": "100" }).write('{"ok":');
      setTimeout(() => late.abort(reason), 20);
    };
    expect(await failure(api.call(search, { q: "x", exact: true }, { signal: late.signal }))).toBe(reason);
  });
});

test("an answer of bytes is handed over as a response, once it is known to be one", async () => {
  answer = (outgoing) => outgoing.writeHead(200, { "x-shoal-shards": "1/2" }).end("a,b\n");
  const response = await api.open(search, { q: "x", exact: true });
  expect([response.headers.get("x-shoal-shards"), await response.text()]).toEqual(["1/2", "a,b\n"]);
  answer = (outgoing) => outgoing.writeHead(409).end('{"error":{"code":"result_not_ready","params":{}}}');
  expect(await failure(api.open(search, { q: "x", exact: true }))).toMatchObject({ code: "result_not_ready" });
});
