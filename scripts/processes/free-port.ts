import { createServer } from "node:net";

const ATTEMPTS_MAX = 100;

/** A port that nothing on this machine listens on: the preferred one or the next free one above it; without a preference any. */
export async function findFreePort(preferred?: number): Promise<number> {
  if (preferred === undefined) return await listenOnce(0, "127.0.0.1");
  for (let port = preferred; port < preferred + ATTEMPTS_MAX && port < 65_536; port++) {
    if (await isFree(port)) return port;
  }
  throw new Error(`Ports ${preferred} to ${preferred + ATTEMPTS_MAX - 1} are all in use. Free one of them, or choose another with PORT=<number>.`);
}

async function isFree(port: number): Promise<boolean> {
  // Some systems let a wildcard and a loopback listener share a port, and then answer from either: both have to be free.
  for (const host of ["127.0.0.1", undefined]) {
    try {
      await listenOnce(port, host);
    } catch {
      return false;
    }
  }
  return true;
}

function listenOnce(port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host }, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}
