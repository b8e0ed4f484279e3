import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

const WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** A server that remembers everything that reaches it. */
export type ListeningServer = { origin: string; heard: string[]; close(): Promise<void> };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A server that welcomes whoever comes: cross-origin requests, scripts, event streams, WebSocket handshakes; and on the same port number it listens for datagrams,
 * as STUN and QUIC send them. `files` are answered as they are.
 */
export async function startListening(files: Readonly<Record<string, string>> = {}): Promise<ListeningServer> {
  return await listen({ answer: (incoming, response) => welcome(incoming, response, files), isHeard: (path) => files[path] === undefined });
}

/** Passes everything on to the server at `target`, as its own origin, and remembers what carries `word` in its address. */
export async function startProxy(target: string, word: string): Promise<ListeningServer> {
  const { hostname, port } = new URL(target);
  const answer: Answer = (incoming, response) => {
    const { method, url, headers } = incoming;
    const onward = request({ hostname, port, method, path: url, headers }, (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    });
    onward.on("error", () => response.destroy());
    incoming.pipe(onward);
  };
  return await listen({ answer, isHeard: (path) => path.includes(word) });
}

async function listen({ answer, isHeard }: { answer: Answer; isHeard: (path: string) => boolean }): Promise<ListeningServer> {
  const heard: string[] = [];
  const sockets = new Set<Duplex>();
  const hear = ({ method, url = "" }: IncomingMessage, by: string): void => {
    if (isHeard(url)) heard.push(`${by} ${method} ${url}`);
  };
  const server = createServer((incoming, response) => {
    hear(incoming, "http");
    answer(incoming, response);
  });
  server.on("upgrade", (incoming, socket) => {
    hear(incoming, "upgrade");
    const accept = createHash("sha1").update(`${incoming.headers["sec-websocket-key"]}${WEBSOCKET_GUID}`).digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`);
    sockets.add(socket.on("error", () => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket("udp4").on("message", (message) => heard.push(`datagram of ${message.length} bytes`));
  await new Promise<void>((resolve) => datagrams.bind(port, "127.0.0.1", resolve));
  const close = async (): Promise<void> => {
    datagrams.close();
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${port}`, heard, close };
}

function welcome({ url = "", headers }: IncomingMessage, response: ServerResponse, files: Readonly<Record<string, string>>): void {
  const file = files[url];
  if (url.endsWith("/events")) {
    response.writeHead(200, { "content-type": "text/event-stream", ...crossOrigin(headers.origin) }).write("data: here\n\n");
    return;
  }
  const isScript = /\.js(\?|$)/.test(url);
  const types = { "content-type": isScript ? "text/javascript" : "text/html", ...crossOrigin(headers.origin) };
  response.writeHead(200, types).end(file ?? (isScript ? "if (typeof postMessage === 'function') postMessage('here')" : "here"));
}

function crossOrigin(origin = "*"): Record<string, string> {
  return { "access-control-allow-origin": origin, "access-control-allow-credentials": "true", "cross-origin-resource-policy": "cross-origin" };
}
