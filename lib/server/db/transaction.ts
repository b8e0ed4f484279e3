import "server-only";
import pg from "pg";
import type { Connection, Db, Tx } from "./client.ts";

const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";
const ATTEMPTS_MAX = 5;

/** How a transaction's commit is made safe: `relaxed` may lose the last half second in a crash of the server, never order or atomicity. */
export type Durability = "durable" | "relaxed";

const BEGIN: Record<Durability, string> = { durable: "begin", relaxed: "begin; set local synchronous_commit = off" };

/**
 * Runs `body` in one transaction and returns its value after the commit. Deadlocks and serialization failures run it again,
 * so `body` must do nothing but database calls. When the connection is lost, everything that waits for it fails, and nothing of `body` stays unless the
 * commit had already arrived.
 */
export async function transaction<T>(db: Db, body: (tx: Tx) => Promise<T>, durability: Durability = "durable"): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const connection = await db.connect();
    try {
      const value = await runOnce(connection, body, durability);
      connection.release();
      return value;
    } catch (error) {
      await rollBack(connection);
      if (attempt === ATTEMPTS_MAX || !isRetryable(error)) throw error;
    }
  }
}

/** The beginning travels with the first statements of the body: it costs no round trip of its own. */
async function runOnce<T>({ tx, run }: Connection, body: (tx: Tx) => Promise<T>, durability: Durability): Promise<T> {
  const begun = run(BEGIN[durability]);
  const [value] = await Promise.all([body(tx), begun]);
  const { command } = await run("commit");
  // A body that swallowed the failure of a statement: PostgreSQL rolls back and says so only here.
  if (command !== "COMMIT") throw new Error("A statement of the transaction failed unnoticed; nothing of it was kept.");
  return value;
}

/** Gives the connection back clean, or not at all. */
async function rollBack({ run, release }: Connection): Promise<void> {
  try {
    await run("rollback");
    release();
  } catch (error) {
    release(error instanceof Error ? error : new Error(String(error)));
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK_DETECTED);
}
