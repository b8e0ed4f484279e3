import "server-only";
import pg from "pg";
import type { Connection, Db, Frame, Reader, Tx } from "./client.ts";

const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";
const ATTEMPTS_MAX = 5;

/** How a transaction's commit is made safe: `relaxed` may lose the last half second in a crash of the server, never order or atomicity. */
export type Durability = "durable" | "relaxed";

const BEGIN: Record<Durability, readonly Frame[]> = { durable: ["begin"], relaxed: ["begin", "set local synchronous_commit = off"] };

/** The statements that end a transaction, made by `last()`. */
class Last<T> {
  readonly send: () => Promise<T>;
  constructor(send: () => Promise<T>) {
    this.send = send;
  }
}

type Body<T> = (tx: Tx) => Promise<T | Last<T>>;

/**
 * For a body to return: `send` writes the last statements of the transaction, and its end travels with them, in one round trip. Each of them has to be sent
 * without waiting for an answer of another; one that comes later is refused, and with it the whole call.
 */
export function last<T>(send: () => Promise<T>): Last<T> {
  return new Last(send);
}

/**
 * Runs `body` in one transaction and returns its value after the commit. Deadlocks and serialization failures run it again,
 * so `body` must do nothing but database calls. When the connection is lost, everything that waits for it fails, and nothing of `body` stays unless the
 * commit had already arrived.
 */
export async function transaction<T>(db: Db, body: Body<T>, durability: Durability = "durable"): Promise<T> {
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

/**
 * Two transactions in turn on one connection, both durable: the beginning of the second travels with the end of the first, and runs after it. `second` gets the
 * first one's value as a promise, which is kept once that is committed; before it is, `second` may read and must not write. Retries are those of
 * `transaction()`, for each by itself: what was committed is not done again.
 */
export async function inTurn<A, B>(db: Db, first: Body<A>, second: (tx: Tx, found: Promise<A>) => Promise<B | Last<B>>): Promise<[A, B]> {
  for (let attempt = 1; ; attempt++) {
    const connection = await db.connect();
    const found = Promise.withResolvers<A>();
    found.promise.catch(() => {});
    const following: Promise<PromiseSettledResult<B>>[] = [];
    const follow = () => void following.push(settled(runOnce(connection, async (tx) => await second(tx, found.promise), "durable")));
    const begun = await settled(runOnce(connection, first, "durable", follow));
    if (begun.status === "rejected") {
      found.reject(begun.reason);
      await following[0];
      await rollBack(connection);
      if (attempt === ATTEMPTS_MAX || !isRetryable(begun.reason)) throw begun.reason;
      continue;
    }
    const { value } = begun;
    found.resolve(value);
    if (following.length === 0) follow();
    const ended = await following[0];
    if (ended?.status === "fulfilled") {
      connection.release();
      return [value, ended.value];
    }
    await rollBack(connection);
    if (!isRetryable(ended?.reason)) throw ended?.reason;
    return [value, await transaction(db, async (tx) => await second(tx, Promise.resolve(value)))];
  }
}

async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [end] = await Promise.allSettled([promise]);
  return end;
}

/** Statements that travel together: one connection, one round trip for what `body` sends without waiting. Of these all are kept, or none where one fails. */
export async function together<T>(db: Db, body: (reader: Reader) => Promise<T>): Promise<T> {
  const connection = await db.connect();
  try {
    const value = await body(connection.tx);
    connection.release();
    return value;
  } catch (error) {
    await rollBack(connection);
    throw error;
  }
}

/** The beginning travels with the first statements of the body: it costs no round trip of its own. `follow` is called where the commit was sent with the last ones. */
async function runOnce<T>(connection: Connection, body: Body<T>, durability: Durability, follow?: () => void): Promise<T> {
  const begun = BEGIN[durability].map(connection.run);
  const [ended] = await Promise.all([body(connection.tx), ...begun]);
  if (ended instanceof Last) return await commitWith(connection, ended, follow);
  checkCommitted(await connection.run("commit"));
  return ended;
}

/** A failed statement makes the commit behind it a rollback, and what failed is thrown. */
async function commitWith<T>(connection: Connection, ended: Last<T>, follow?: () => void): Promise<T> {
  const sent = ended.send();
  // All that can be sent without an answer is sent before the next tick.
  const committed = new Promise<{ command: string }>((resolve, reject) => {
    process.nextTick(() => {
      connection.seal();
      connection.run("commit").then(resolve, reject);
      follow?.();
    });
  });
  const [value, commit] = await Promise.allSettled([sent, committed]);
  if (value.status === "rejected") throw value.reason;
  if (commit.status === "rejected") throw commit.reason;
  checkCommitted(commit.value);
  return value.value;
}

/** A body that swallowed the failure of a statement: PostgreSQL rolls back and says so only here. */
function checkCommitted({ command }: { command: string }): void {
  if (command !== "COMMIT") throw new Error("A statement of the transaction failed unnoticed; nothing of it was kept.");
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
