import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

export type DelayingProxy = { origin: string; setRoundTrip(ms: number): void; close(): Promise<void> };

/** A loopback proxy that gives every byte half a round trip of delay in either direction; bandwidth stays that of the loopback. */
export async function startDelayingProxy(port: number, target: { port: number }): Promise<DelayingProxy> {
  let oneWayMs = 0;
  const sockets = new Set<Socket>();
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    // Timers of equal length end in the order they began, so that bytes stay in theirs.
    from.on("data", (chunk) => void setTimeout(() => to.write(chunk), oneWayMs));
    from.on("end", () => void setTimeout(() => to.end(), oneWayMs));
    from.on("error", () => to.destroy());
    from.on("close", () => sockets.delete(from));
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = connect({ port: target.port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    pass(client, upstream);
    pass(upstream, client);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setRoundTrip(ms) {
      oneWayMs = ms / 2;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
