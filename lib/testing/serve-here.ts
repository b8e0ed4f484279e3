import type { AddressInfo } from "node:net";
import type { Services } from "#lib/server/context.ts";
import { type DoorTable, serveDoors } from "#lib/server/http/serve-doors.ts";

/** A server of this process for the doors in the table, at a free port of this machine. Close it in `afterAll`, before its services. */
export async function serveHere(doors: DoorTable, { config }: Services): Promise<{ url: string; close(): Promise<void> }> {
  const server = serveDoors(doors, config.origin);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
