import "server-only";
import postgres from "postgres";

/** The parsers that postgres.js applies besides its own: 64-bit integers arrive as bigint. */
type Types = { bigint: bigint };

/** A pool of connections. Commands take it from their context and hand stores a `Tx` or a `Reader`. */
export type Db = postgres.Sql<Types>;
/** A transaction in progress; only `transaction()` makes one, so that a store that writes cannot be called outside one. */
export type Tx = postgres.TransactionSql<Types>;
/** Anything that can read. */
export type Reader = Db | Tx;

export type DatabaseOptions = {
  connectionsMax?: number;
  applicationName?: string;
  /** Sees every statement's text before it is sent. */
  onStatement?: (text: string) => void;
};

/**
 * Prepared statements keep the plan of their first runs, when tables may be empty: without these, a fresh instance would scan whole tables until the
 * first ANALYZE. Every statement here has its index, so the plan for one row is also the plan for ten million.
 */
const PLAN_SETTINGS = { enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off" };

/** Opens a pool; connections are made on first use. The caller ends it with `db.end()`. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Db {
  return postgres(url, {
    max: options.connectionsMax ?? 10,
    connection: { application_name: options.applicationName ?? "shoal", ...PLAN_SETTINGS },
    types: { bigint: postgres.BigInt },
    onnotice: () => {},
    ...(options.onStatement ? { debug: (_connection: number, text: string) => options.onStatement?.(text) } : {}),
  });
}
