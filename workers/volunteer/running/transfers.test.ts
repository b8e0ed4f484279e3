import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createTransfers, type Transfers } from "./transfers.ts";

let server: Server | null = null;
let counted = 0;
const end = new AbortController();

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

async function serve(listener: RequestListener): Promise<Transfers> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  counted = 0;
  const baseUrl = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  return createTransfers({ baseUrl, signal: end.signal, onBytes: (bytes) => (counted += bytes) });
}

test("a span is asked for as a byte range, its last byte included", async () => {
  let asked: string | undefined;
  const transfers = await serve((request, response) => {
    asked = request.headers.range;
    response.writeHead(206).end("cde");
  });
  expect(new TextDecoder().decode(await transfers.fetchRange("/x", { from: 2, to: 5 }))).toBe("cde");
  expect(asked).toBe("bytes=2-4");
  expect(counted).toBe(3);
});

test("an answer that ignores the range, or is longer than it, is refused at once", async () => {
  let requests = 0;
  const transfers = await serve((request, response) => {
    requests++;
    response.writeHead(request.url === "/whole" ? 200 : 206).end("abcdef");
  });
  await expect(transfers.fetchRange("/whole", { from: 2, to: 5 })).rejects.toThrow("answered 200 to a byte range");
  await expect(transfers.fetchRange("/long", { from: 2, to: 5 })).rejects.toThrow("more than 3 bytes");
  expect(requests).toBe(2);
});

test("a server that fails for a moment is asked again; one that refuses is not", async () => {
  let requests = 0;
  const transfers = await serve((request, response) => {
    requests++;
    if (request.url === "/gone") return void response.writeHead(404).end();
    response.writeHead(requests < 3 ? 503 : 200).end("ok");
  });
  expect((await transfers.fetchBytes("/flaky")).length).toBe(2);
  expect(requests).toBe(3);
  await expect(transfers.fetchBytes("/gone")).rejects.toThrow("answered 404");
  expect(requests).toBe(4);
});

test.each([
  [201, "stored"],
  [413, "too_large"],
  [403, "refused"],
] as const)("an upload answered with %i is %s", async (status, state) => {
  const transfers = await serve((_request, response) => void response.writeHead(status).end());
  expect(await transfers.upload("/x", new Uint8Array(10))).toBe(state);
  expect(counted).toBe(10);
});
