import "server-only";
import pg from "pg";
import { inSpan } from "../tracing/tracing.ts";
import { buildStatement, Identifier, Json, Rows, type Statement, type Template } from "./statement.ts";
import { type Answer, type ParserOf, StatementPipe } from "./statement-pipe.ts";

/** Rows of an answer, and how many rows the statement touched. */
export type RowList<R extends readonly unknown[]> = R & { readonly count: number };

/**
 * A statement that runs when it is awaited, or becomes a part of another one that it is put into. Several that are awaited together travel together
 * and run in their order.
 */
export type Pending<R extends readonly unknown[]> = PromiseLike<RowList<R>> & Template;

type RowObject = Record<string, unknown>;

/** Part of a statement, made by a template and put into another one. */
export type Fragment = Template;

/** Writes statements as tagged templates whose gaps become parameters. */
export type Sql = {
  // biome-ignore lint/suspicious/noExplicitAny: what a statement answers is known to who wrote it; without a type nothing is promised.
  <R extends readonly object[] = any[]>(strings: TemplateStringsArray, ...values: unknown[]): Pending<R>;
  /** Columns and values of an insert. */
  (rows: readonly RowObject[]): Rows;
  /** A quoted name. */
  (identifier: string): Identifier;
  json(value: unknown): Json;
};

/** A pool of connections. Commands take it from their context and hand stores a `Tx` or a `Reader`. */
export type Db = Sql & {
  /** A connection of one's own for a transaction; only `transaction()` asks for one. */
  connect(): Promise<Connection>;
  /** Lets running statements finish, at most `timeout` seconds, and closes all connections. */
  end(options?: { timeout?: number }): Promise<void>;
};
declare const inTransaction: unique symbol;
/** A transaction in progress; only `transaction()` makes one, so that a store that writes cannot be called outside one. */
export type Tx = Sql & { readonly [inTransaction]: true };
/** Anything that can read. */
export type Reader = Db | Tx;

/** What begins and ends a transaction. */
export type Frame = "begin" | "set local synchronous_commit = off" | "commit" | "rollback";

/** One connection: statements sent without waiting run one after the other. `seal()` ends its `tx`, which takes no further statement; it has a new one then. */
export type Connection = { readonly tx: Tx; run(frame: Frame): Promise<{ command: string }>; seal(): void; release(error?: Error): void };

export type DatabaseOptions = {
  connectionsMax?: number;
  applicationName?: string;
  /** Sees every statement before it is sent. */
  onStatement?: (text: string, values: Statement["values"]) => void;
  /** Whether a statement's plan is made once and kept, or anew each time, which a database on several nodes needs: there the values say which node is meant. Kept unless given. */
  plans?: Plans;
};

/**
 * Prepared statements keep the plan of their first runs, when tables may be empty: without these, a fresh instance would scan whole tables until the
 * first ANALYZE. Every statement here has its index, so the plan for one row is also the plan for ten million, and planning it once is enough: a
 * statement of the exchange costs more to plan than to run.
 */
export const PLAN_SETTINGS = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off";
export const PLANS = ["kept", "each"] as const;
type Plans = (typeof PLANS)[number];
const SETTINGS_OF: Record<Plans, string> = { kept: PLAN_SETTINGS, each: PLAN_SETTINGS.replace("force_generic_plan", "force_custom_plan") };
const CONNECTIONS_DEFAULT = 10;
const CONNECT_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 60_000;

const INT8 = 20;
const INT8_ARRAY = 1016;
const parseInt8Array = (text: string): bigint[] => (text === "{}" ? [] : text.slice(1, -1).split(",").map(BigInt));
/** 64-bit integers arrive as bigint. */
const types = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === INT8) return BigInt;
    return oid === INT8_ARRAY ? parseInt8Array : pg.types.getTypeParser(oid, format ?? "text");
  },
};

/** How a value of a type is read from its text. */
const parserOf: ParserOf = (typeOid) => types.getTypeParser(typeOid, "text");

/** Opens a pool; connections are made on first use. The caller ends it with `db.end()`. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connectionsMax ?? CONNECTIONS_DEFAULT,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    application_name: options.applicationName ?? "shoal",
    options: SETTINGS_OF[options.plans ?? "kept"],
  });
  // A connection that the server ends is dropped by the pool. Without listeners its error would end the process: the pool's own are off for the moment in which
  // a connection changes hands.
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", () => {});
  const see = options.onStatement ?? (() => {});
  const send = async (statement: Statement) => {
    see(statement.text, statement.values);
    return await traced(statement.text, async () => await sendAlone(pool, statement));
  };
  return Object.assign(createSql(send), {
    connect: async () => connectionOf(await pool.connect(), see),
    end: async ({ timeout }: { timeout?: number } = {}) => await endPool(pool, timeout),
  });
}

/** One for each connection, as long as it lives: it knows what was prepared there. */
const pipes = new WeakMap<pg.ClientBase, StatementPipe>();

function pipeOf(client: pg.PoolClient): StatementPipe {
  let pipe = pipes.get(client);
  if (!pipe) {
    pipe = new StatementPipe(client, parserOf);
    pipes.set(client, pipe);
  }
  return pipe;
}

async function sendAlone(pool: pg.Pool, statement: Statement): Promise<Answer> {
  const client = await pool.connect();
  try {
    return await pipeOf(client).send(statement);
  } finally {
    // The pool looks itself whether the connection is still good.
    client.release();
  }
}

const VERB_CHARS_MAX = 20;

/** A statement as a span: its text has gaps where values go, so no value is told. */
async function traced<T>(text: string, run: () => Promise<T>): Promise<T> {
  return await inSpan(() => {
    const verb = /\w+/.exec(text)?.[0].toLowerCase().slice(0, VERB_CHARS_MAX) ?? "statement";
    return { name: `db ${verb}`, kind: "client", attributes: { "db.system.name": "postgresql", "db.operation.name": verb, "db.query.text": text.trim() } };
  }, run);
}

function connectionOf(client: pg.PoolClient, see: NonNullable<DatabaseOptions["onStatement"]>): Connection {
  // What it loses is told to the statements that wait; the pool drops it on release.
  const ignore = () => {};
  client.on("error", ignore);
  const pipe = pipeOf(client);
  const open = () => {
    const state = { isSealed: false };
    const send = async (statement: Statement) => {
      if (state.isSealed) throw new Error("A statement came after the end of its transaction was sent.");
      see(statement.text, statement.values);
      return await traced(statement.text, async () => await pipe.send(statement));
    };
    return { tx: createSql(send) as Tx, state };
  };
  let current = open();
  return {
    get tx() {
      return current.tx;
    },
    run: async (frame) => await traced(frame, async () => await pipe.send({ name: frame, text: frame, values: [] })),
    seal: () => {
      current.state.isSealed = true;
      current = open();
    },
    release: (error) => {
      client.off("error", ignore);
      client.release(error);
    },
  };
}

async function endPool(pool: pg.Pool, timeoutS: number | undefined): Promise<void> {
  const ended = pool.end();
  if (timeoutS === undefined) return await ended;
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    ended,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutS * 1000);
    }),
  ]);
  clearTimeout(timer);
}

class PendingStatement implements PromiseLike<RowList<RowObject[]>> {
  readonly strings: TemplateStringsArray;
  readonly values: readonly unknown[];
  readonly #send: (statement: Statement) => Promise<Answer>;
  #answer: Promise<RowList<RowObject[]>> | null = null;

  constructor(template: Template, send: (statement: Statement) => Promise<Answer>) {
    this.strings = template.strings;
    this.values = template.values;
    this.#send = send;
  }

  // biome-ignore lint/suspicious/noThenProperty: a statement runs when it is awaited.
  then: PromiseLike<RowList<RowObject[]>>["then"] = (onAnswer, onError) => {
    this.#answer ??= this.#run();
    return this.#answer.then(onAnswer, onError);
  };

  catch = (onError: (error: unknown) => unknown) => this.then((rows) => rows, onError);

  async #run(): Promise<RowList<RowObject[]>> {
    const { rows, rowCount } = await this.#send(buildStatement(this, isPending));
    return Object.defineProperty(rows, "count", { value: rowCount }) as RowList<RowObject[]>;
  }
}

function isPending(value: unknown): value is PendingStatement {
  return value instanceof PendingStatement;
}

function createSql(send: (statement: Statement) => Promise<Answer>): Sql {
  const sql = (first: TemplateStringsArray | readonly RowObject[] | string, ...values: unknown[]) => {
    if (typeof first === "string") return new Identifier(first);
    return "raw" in first ? new PendingStatement({ strings: first, values }, send) : new Rows(first);
  };
  return Object.assign(sql, { json: (value: unknown) => new Json(value) }) as unknown as Sql;
}
