import "server-only";
import pg from "pg";

/** What graphile-worker holds at once: its listener, its two workers, and what they queue. */
const CONNECTIONS_MAX = 6;

/**
 * Connections for graphile-worker. Each has a listener for errors of its own as long as it lives: the library's go when it hands a connection back, and the error
 * of one that the server ends in that moment would end the process. Whoever opens the pool ends it.
 */
export function openQueuePool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS_MAX, application_name: "shoal background" });
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", () => {});
  return pool;
}
