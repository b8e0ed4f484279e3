import { Agent, type IncomingMessage, type Server, request as send } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { endpoint } from "#lib/protocol/endpoint.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { type Door, handle } from "./handle.ts";
import { serveDoors } from "./serve-doors.ts";

const BODY_BYTES_MAX = 100_000;
const QUICK = { headersTimeout: 2000, requestTimeout: 3000, connectionsCheckingInterval: 50, stalledMs: 60_000 };
const echo = endpoint({
  name: "echo",
  method: "POST",
  path: "/echo",
  auth: "public",
  bodyBytesMax: BODY_BYTES_MAX,
  input: z.strictObject({ text: z.string() }),
  output: z.object({ length: z.number() }),
  summary: "Says how long a text is.",
});

let services: TestServices;
let server: Server;
let port: number;
let door: Door;
let reached = 0;

beforeAll(async () => {
  services = await openTestServices();
  door = handle(
    echo,
    async (_, { text }) => {
      reached++;
      return { length: text.length };
    },
    async () => services,
  );
  server = serveDoors({ "POST /echo": door }, services.config.origin);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await services.close();
});

type Heard = { status: number; code: string | undefined; length: number | undefined };

/** Sends a body in pieces, without saying how long it is unless told, and hears what comes back, even before all was sent. */
async function post(chunks: Iterable<string>, headers: Record<string, string> = {}): Promise<Heard> {
  const { promise, resolve, reject } = Promise.withResolvers<Heard>();
  const outgoing = send(
    { port, host: "127.0.0.1", method: "POST", path: "/echo?x=1", headers: { "content-type": "application/json", ...headers } },
    (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      incoming.on("error", reject).on("end", () => {
        const body = JSON.parse(text) as { error?: { code: string }; length?: number };
        resolve({ status: incoming.statusCode ?? 0, code: body.error?.code, length: body.length });
      });
    },
  );
  outgoing.on("error", reject);
  for (const chunk of chunks) outgoing.write(chunk);
  outgoing.end();
  return await promise;
}

/** What a server answers to bytes that no client library would send. */
async function sendRaw(bytes: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let heard = "";
  const socket = connect(port, "127.0.0.1", () => socket.end(bytes));
  socket.setEncoding("utf8").on("data", (part: string) => {
    heard += part;
  });
  socket.on("close", () => resolve(heard)).on("error", () => {});
  return await promise;
}

test("a request reaches its door, whatever stands behind the question mark", async () => {
  expect(await post(['{"text":', '"abc"}'])).toEqual({ status: 200, code: undefined, length: 3 });
});

test("a body over the limit is told so, whether or not it says how long it is", async () => {
  const chunks = Array.from({ length: 40 }, () => "x".repeat(10_000));
  expect(await post(chunks)).toMatchObject({ status: 413, code: "too_large" });
  expect(await post(chunks, { "content-length": "400000" })).toMatchObject({ status: 413, code: "too_large" });
});

test("a client whose body was refused half-way can go on", async () => {
  const chunks = Array.from({ length: 400 }, () => "x".repeat(10_000));
  for (let round = 0; round < 3; round++) {
    expect(
      (await fetch(`http://127.0.0.1:${port}/echo`, { method: "POST", body: chunks.join(""), headers: { "content-type": "application/json" } })).status,
    ).toBe(413);
    expect(await post(['{"text":""}'])).toMatchObject({ status: 200 });
  }
});

test("a path or method without a door is not found", async () => {
  for (const line of ["GET /echo", "POST /echo/", "POST /", "POST //echo", "POST /%65cho", "DELETE /echo", "POST http://elsewhere.example/echo"]) {
    expect(await sendRaw(`${line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 404 /);
  }
});

test("a client that leaves in the middle of its body costs nothing, and others are served", async () => {
  const before = reached;
  const socket = connect(port, "127.0.0.1", () => {
    socket.write('POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"text":"ab');
    setTimeout(() => socket.destroy(), 30);
  });
  await new Promise((resolve) => socket.on("close", resolve));
  expect(await post(['{"text":"still here"}'])).toMatchObject({ status: 200 });
  expect(reached).toBe(before + 1);
});

test("a connection is used for many requests, also after a refused one", async () => {
  const one = (body: string) => `POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const heard = await sendRaw(one("[]") + one('{"text":"a"}'));
  expect(heard.match(/^HTTP\/1\.1 \d+|\{"length":\d+\}/gm)).toEqual(["HTTP/1.1 400", "HTTP/1.1 200", '{"length":1}']);
});

test("hundreds that send their requests a byte at a time are cut off, and keep nobody else waiting", async () => {
  const patient = serveDoors({ "POST /echo": door }, services.config.origin, QUICK);
  await new Promise<void>((resolve) => patient.listen(0, "127.0.0.1", resolve));
  const { port: at } = patient.address() as AddressInfo;
  const heads = [
    "POST /echo HTTP/1.1\r\nhost: x\r\nx-slow: ",
    'POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"text":"',
  ];
  const before = reached;
  const slow = Array.from({ length: 200 }, async (_, i) => {
    const socket = connect(at, "127.0.0.1", () => socket.write(heads[i % 2] ?? ""));
    const drip = setInterval(() => socket.write("a"), 50);
    let heard = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      heard += part;
    });
    socket.on("error", () => {});
    await new Promise((resolve) => socket.on("close", resolve));
    clearInterval(drip);
    return heard;
  });
  const quick = async () =>
    (await fetch(`http://127.0.0.1:${at}/echo`, { method: "POST", body: '{"text":"abc"}', headers: { "content-type": "application/json" } })).status;
  const answers = await Promise.all([quick(), quick(), quick()]);
  expect(answers).toEqual([200, 200, 200]);
  for (const heard of await Promise.all(slow)) expect(heard).toMatch(/^(HTTP\/1\.1 40[08] |$)/);
  expect(reached).toBe(before + 3);
  patient.closeAllConnections();
  patient.close();
});

test("a large answer is made as fast as it is read, and not at all for a reader who left or takes nothing", { timeout: 120_000 }, async () => {
  const chunk = new Uint8Array(64 * 1024).fill(7);
  const bytesMax = 192 * 1024 * 1024;
  let made = 0;
  let ends: string[] = [];
  const pour: Door = async () => {
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (made >= bytesMax) controller.close();
        else controller.enqueue(chunk);
        made += chunk.length;
      },
      cancel: () => void ends.push("left"),
    });
    return new Response(body, { headers: { "content-type": "application/octet-stream" } });
  };
  const pouring = serveDoors({ "GET /pour": pour }, services.config.origin, { ...QUICK, stalledMs: 2000 });
  await new Promise<void>((resolve) => pouring.listen(0, "127.0.0.1", resolve));
  const { port: at } = pouring.address() as AddressInfo;
  const open = async () => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    send({ port: at, host: "127.0.0.1", path: "/pour", agent: false }, resolve).on("error", reject).end();
    return await promise;
  };
  const reader = await open();
  let read = 0;
  let ahead = 0;
  for await (const part of reader) {
    read += (part as Buffer).length;
    ahead = Math.max(ahead, made - read);
    if (read % (16 * 1024 * 1024) < 64 * 1024) await sleep(20);
  }
  expect(read).toBe(bytesMax);
  // What the sockets of both sides and the streams between hold, whatever the answer's size.
  expect(ahead).toBeLessThan(24 * 1024 * 1024);
  for (const leaves of [true, false]) {
    made = 0;
    ends = [];
    const idle = await open();
    idle.on("error", () => {});
    if (leaves) idle.destroy();
    await expect.poll(() => ends, { timeout: 20_000 }).toEqual(["left"]);
    expect(made).toBeLessThan(24 * 1024 * 1024);
    idle.destroy();
  }
  pouring.closeAllConnections();
  pouring.close();
});

test("a server that is closed answers what was asked and ends its connections, also of clients that never stop asking", async () => {
  const closing = serveDoors({ "POST /echo": door }, services.config.origin);
  await new Promise<void>((resolve) => closing.listen(0, "127.0.0.1", resolve));
  const { port: at } = closing.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async () =>
    await new Promise<number>((resolve, reject) => {
      const outgoing = send(
        { port: at, host: "127.0.0.1", method: "POST", path: "/echo", agent, headers: { "content-type": "application/json" } },
        (incoming) => {
          incoming.resume().on("end", () => resolve(incoming.statusCode ?? 0));
        },
      );
      outgoing.on("error", reject).end('{"text":"a"}');
    });
  const heard: number[] = [];
  let isEnded = false;
  const asking = (async () => {
    for (;;) {
      try {
        heard.push(await ask());
      } catch {
        if (isEnded) return;
        throw new Error("a request was lost");
      }
    }
  })();
  await expect.poll(() => heard.length).toBeGreaterThan(3);
  const ended = new Promise<void>((resolve) => closing.close(() => resolve()));
  isEnded = true;
  await Promise.all([ended, asking]);
  expect(new Set(heard)).toEqual(new Set([200]));
  agent.destroy();
});
