import "server-only";
import type pg from "pg";
import type { Statement } from "./statement.ts";

type RowObject = Record<string, unknown>;
export type Answer = { command: string; rowCount: number; rows: RowObject[] };
type Parse = (text: string) => unknown;
/** Finds how a value of a type is read. */
export type ParserOf = (typeOid: number) => Parse;

/** Columns of a prepared statement's answer. */
type Shape = { names: string[]; parsers: Parse[] };
type Waiting = { statement: Statement; resolve(answer: Answer): void; reject(error: unknown): void };

/** What of the driver's connection is used here; its published types are those of an older version. */
type Wire = {
  stream: { cork(): void; uncork(): void };
  close(what: { type: "S"; name: string }): void;
  parse(statement: { name: string; text: string }): void;
  bind(values: { portal: string; statement: string; values: unknown[] }): void;
  describe(what: { type: "P"; name: string }): void;
  execute(portal: { portal: string }): void;
  sync(): void;
};

const NO_COLUMNS: Shape = { names: [], parsers: [] };

/**
 * Sends the statements of one connection in batches: what comes within one turn of the event loop is written at once and ends with one Sync, so that PostgreSQL answers
 * all of it at once too; what comes while a batch is under way makes the next one. Each statement is prepared once for the connection, and its columns are told
 * once. Statements run in their order. One that fails fails all that stand behind it in its batch, with its error, and outside of a transaction undoes those before it.
 */
export class StatementPipe {
  readonly #client: pg.ClientBase;
  readonly #parserOf: ParserOf;
  readonly #shapes = new Map<string, Shape>();
  #waiting: Waiting[] = [];
  #isGathering = false;
  #isUnderWay = false;

  constructor(client: pg.ClientBase, parserOf: ParserOf) {
    this.#client = client;
    this.#parserOf = parserOf;
  }

  /** The answer of a statement, whose values are as PostgreSQL takes them: text, bytes or null. */
  async send(statement: Statement): Promise<Answer> {
    return await new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ statement, resolve, reject });
      this.#gather();
    });
  }

  #gather(): void {
    if (this.#isGathering || this.#isUnderWay) return;
    this.#isGathering = true;
    // Behind everything that can still be sent without waiting for an answer.
    process.nextTick(() => queueMicrotask(() => process.nextTick(() => this.#submit())));
  }

  #submit(): void {
    this.#isGathering = false;
    const batch = new Batch(this.#waiting, {
      shapes: this.#shapes,
      parserOf: this.#parserOf,
      whenOver: () => {
        this.#isUnderWay = false;
        if (this.#waiting.length > 0) this.#gather();
      },
    });
    this.#waiting = [];
    this.#isUnderWay = true;
    this.#client.query(batch);
  }
}

type Surroundings = { shapes: Map<string, Shape>; parserOf: ParserOf; whenOver: () => void };

/** One batch as the driver takes it: it calls these methods with what PostgreSQL answers. */
class Batch implements pg.Submittable {
  readonly #sent: readonly Waiting[];
  readonly #in: Surroundings;
  #at = 0;
  #rows: RowObject[] = [];
  #shape: Shape | null = null;
  #unreadable: unknown = null;

  constructor(sent: readonly Waiting[], surroundings: Surroundings) {
    this.#sent = sent;
    this.#in = surroundings;
  }

  submit(connection: pg.Connection): void {
    const wire = connection as unknown as Wire;
    const prepared = new Set<string>();
    wire.stream.cork();
    try {
      for (const { statement } of this.#sent) {
        const { name, text, values } = statement;
        const isNew = !(this.#in.shapes.has(name) || prepared.has(name));
        if (isNew) {
          prepared.add(name);
          // After a failure it is not known whether it was prepared; closing what does not exist is no error.
          wire.close({ type: "S", name });
          wire.parse({ name, text });
        }
        wire.bind({ portal: "", statement: name, values });
        if (isNew) wire.describe({ type: "P", name: "" });
        wire.execute({ portal: "" });
      }
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  }

  handleRowDescription({ fields }: { fields: { name: string; dataTypeID: number }[] }): void {
    this.#shape = { names: fields.map(({ name }) => name), parsers: fields.map(({ dataTypeID }) => this.#in.parserOf(dataTypeID)) };
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const shape = this.#shapeNow();
    try {
      this.#rows.push(readRow(shape, fields));
    } catch (error) {
      this.#unreadable ??= error;
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const one = this.#sent[this.#at];
    if (!one) return;
    this.#in.shapes.set(one.statement.name, this.#shapeNow());
    const [rows, unreadable] = [this.#rows, this.#unreadable];
    this.#next();
    if (unreadable === null) one.resolve({ command: commandOf(text), rowCount: countOf(text), rows });
    else one.reject(unreadable);
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: "" });
  }

  /** Nothing behind the one that failed was run. */
  handleError(error: unknown): void {
    const failed = this.#sent.slice(this.#at);
    this.#at = this.#sent.length;
    for (const { statement } of failed.slice(0, 1)) this.#in.shapes.delete(statement.name);
    this.#in.whenOver();
    for (const { reject } of failed) reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#at < this.#sent.length) this.handleError(new Error("PostgreSQL answered fewer statements than it was sent."));
    else this.#in.whenOver();
  }

  handleCopyInResponse(connection: { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail("no statement here copies");
  }

  #next(): void {
    this.#at += 1;
    this.#rows = [];
    this.#shape = null;
    this.#unreadable = null;
  }

  #shapeNow(): Shape {
    this.#shape ??= this.#in.shapes.get(this.#sent[this.#at]?.statement.name ?? "") ?? NO_COLUMNS;
    return this.#shape;
  }
}

function readRow({ names, parsers }: Shape, fields: readonly (string | null)[]): RowObject {
  const row: RowObject = {};
  for (const [i, name] of names.entries()) {
    const field = fields[i] ?? null;
    row[name] = field === null ? null : parsers[i]?.(field);
  }
  return row;
}

/** `INSERT 0 3`, `SELECT 3`, `COMMIT`. */
function commandOf(tag: string): string {
  const end = tag.indexOf(" ");
  return end < 0 ? tag : tag.slice(0, end);
}

function countOf(tag: string): number {
  const count = Number(tag.slice(tag.lastIndexOf(" ") + 1));
  return Number.isInteger(count) ? count : 0;
}
