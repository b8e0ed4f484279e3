import "server-only";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { bringBody, textOf } from "./bare-bodies.ts";
import type { Door } from "./handle.ts";
import { stampAddress } from "./request-address.ts";

/** Doors of a bare server, by method and path, whose segments may be parameters: `POST /api/v1/exchange`, `GET /api/v1/jobs/{jobId}`. */
export type DoorTable = Readonly<Record<string, Door>>;

/**
 * A request head must be complete this soon, and a whole request this soon, or the connection is closed, looked at so often: slow senders hold nothing. Nor does
 * a reader who takes nothing of a long answer for `stalledMs`.
 */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 1000, stalledMs: 60_000 };
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** A plain Node server for the doors in the table; everything else is 404. Start it with `listen`. `patience` is how long slow senders and readers are waited for. */
export function serveDoors(doors: DoorTable, origin: string, patience: typeof PATIENCE = PATIENCE): Server {
  const { stalledMs, ...sending } = patience;
  const server = createServer({ ...sending, keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS }, (incoming, outgoing) => {
    const isClosing = () => !server.listening;
    const door = findDoor(doors, `${incoming.method} ${(incoming.url ?? "/").split("?", 1)[0]}`);
    if (!door) {
      outgoing.shouldKeepAlive = !isClosing();
      outgoing.writeHead(404).end();
      return;
    }
    answer(door, { incoming, outgoing, origin, isClosing, stalledMs }).catch(() => outgoing.destroy());
  });
  return server;
}

function findDoor(doors: DoorTable, call: string): Door | null {
  if (Object.hasOwn(doors, call)) return doors[call] ?? null;
  const segments = call.split("/");
  const fits = (pattern: string) => {
    const parts = pattern.split("/");
    return parts.length === segments.length && parts.every((part, i) => part === segments[i] || (part.startsWith("{") && segments[i] !== ""));
  };
  return Object.entries(doors).find(([pattern]) => fits(pattern))?.[1] ?? null;
}

type Call = {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  origin: string;
  /** Whether the server is being closed: then a connection ends with its answer, for one that goes on asking would keep the process alive. */
  isClosing: () => boolean;
  stalledMs: number;
};

async function answer(door: Door, { incoming, outgoing, origin, isClosing, stalledMs }: Call): Promise<void> {
  stampAddress(incoming);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  const method = incoming.method ?? "GET";
  const request = new Request(origin + (incoming.url ?? "/"), { method, headers });
  if (method !== "GET" && method !== "HEAD") bringBody(request, incoming);
  const response = await door(request);
  if (isClosing()) outgoing.shouldKeepAlive = false;
  const text = textOf(response);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (text !== null) {
    outgoing.end(text);
    return;
  }
  if (!response.body) {
    outgoing.end();
    return;
  }
  outgoing.setTimeout(stalledMs, () => outgoing.destroy());
  // Made as it is read, and no longer than it is read: the memory of an answer does not grow with it.
  await pipeline(Readable.fromWeb(response.body as NodeReadableStream), outgoing);
}
