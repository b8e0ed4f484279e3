import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { makeCertificate } from "./make-certificate.ts";

type Received = { path: string; method: string; headers: IncomingHttpHeaders; body: Buffer };
type Reply = { status: number; headers?: Record<string, string> };

/** A push service on loopback, by https, whose certificate this process trusts from now on. It keeps what it receives and answers as it is told, with 201 unless it was. */
export async function startPushService() {
  const certificate = makeCertificate();
  const received: Received[] = [];
  const replies: (Reply | "hang up" | "say nothing")[] = [];
  const server = createServer(certificate, async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    received.push({ path: request.url ?? "", method: request.method ?? "", headers: request.headers, body: Buffer.concat(parts) });
    const reply = replies.shift() ?? { status: 201 };
    if (reply === "say nothing") return;
    if (reply === "hang up") return void request.socket.destroy();
    response.writeHead(reply.status, reply.headers).end("what a service has to say about it");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  setDefaultCACertificates([...getCACertificates("default"), certificate.cert]);
  const { port } = server.address() as AddressInfo;
  return {
    /** As an entry of PUSH_HOSTS has it. */
    host: `127.0.0.1:${port}`,
    port,
    origin: `https://127.0.0.1:${port}`,
    received,
    replies,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
