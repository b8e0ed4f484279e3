import "server-only";
import type { ClientBase } from "pg";

export type Table = { name: string; columns: string[] };

/** Thrown where tables refer to each other in a circle, so that no order of restoring them exists. */
class CircleError extends Error {
  override name = "CircleError";
}

/** Every table of ours with its columns, each after those it refers to. */
export async function listTables(client: ClientBase): Promise<Table[]> {
  const columns = await client.query<{ name: string; columns: string[] }>(`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by c.relname order by c.relname`);
  const references = await client.query<{ from: string; to: string }>(`
    select f.relname as from, t.relname as to from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.conrelid <> k.confrelid and f.relnamespace = 'public'::regnamespace`);
  return inOrder(columns.rows, references.rows);
}

function inOrder(tables: readonly Table[], references: readonly { from: string; to: string }[]): Table[] {
  const ordered: Table[] = [];
  const done = new Set<string>();
  while (ordered.length < tables.length) {
    const next = tables.filter(({ name }) => !done.has(name) && references.every(({ from, to }) => from !== name || done.has(to)));
    if (next.length === 0) throw new CircleError(`these tables refer to each other: ${tables.filter(({ name }) => !done.has(name)).map(({ name }) => name)}`);
    ordered.push(...next);
    for (const { name } of next) done.add(name);
  }
  return ordered;
}

export type Sequence = { name: string; value: string };

/** Where every sequence stands; one that gave nothing yet is left out. */
export async function listSequences(client: ClientBase): Promise<Sequence[]> {
  const { rows } = await client.query<Sequence>(
    "select sequencename as name, last_value::text as value from pg_sequences where schemaname = 'public' and last_value is not null order by 1",
  );
  return rows;
}

/** Hash of the youngest migration that was applied. */
export async function getMigration(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ hash: string }>("select hash from drizzle.__drizzle_migrations order by created_at desc limit 1");
  return rows[0]?.hash ?? "none";
}
