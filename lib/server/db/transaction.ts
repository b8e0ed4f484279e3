import "server-only";
import postgres from "postgres";
import type { Db, Tx } from "./client.ts";

const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";
const ATTEMPTS_MAX = 5;

/** How a transaction's commit is made safe: `relaxed` may lose the last half second in a crash of the server, never order or atomicity. */
export type Durability = "durable" | "relaxed";

/**
 * Runs `body` in one transaction and returns its value after the commit. Deadlocks and serialization failures run it again,
 * so `body` must do nothing but database calls.
 */
export async function transaction<T>(db: Db, body: (tx: Tx) => Promise<T>, durability: Durability = "durable"): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await db.begin(async (tx) => {
        if (durability === "durable") return await body(tx);
        const [, value] = await Promise.all([tx`set local synchronous_commit = off`, body(tx)]);
        return value;
      })) as T;
    } catch (error) {
      if (attempt === ATTEMPTS_MAX || !isRetryable(error)) throw error;
    }
  }
}

function isRetryable(error: unknown): boolean {
  return error instanceof postgres.PostgresError && (error.code === SERIALIZATION_FAILURE || error.code === DEADLOCK_DETECTED);
}
