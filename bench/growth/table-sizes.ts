import type { Db, Reader } from "#lib/server/db/client.ts";

export type Sizes = {
  /** Tables and indexes of everything that grows with shards. */
  bytes: number;
  tables: { name: string; bytes: number; deadShare: number }[];
  /** Indexes over open things alone: what the exchange looks through must not grow with what has passed. */
  openIndexBytes: number;
  autovacuums: number;
};

/** What grows while shards pass, and where it goes when jobs are old. */
const GROWING = ["results", "shards", "grants", "job_postings", "result_archives"];

/** How large the growing tables are with their indexes, and how much of them is dead. */
export async function readSizes(db: Reader): Promise<Sizes> {
  await db`select pg_stat_clear_snapshot()`;
  const tables = await db<{ name: string; bytes: number; dead: number; autovacuums: number }[]>`
    select relname as name, pg_total_relation_size(relid)::float8 as bytes, (n_dead_tup / greatest(1, n_live_tup + n_dead_tup)::float8) as dead, autovacuum_count::int as autovacuums
    from pg_stat_user_tables where relname = any(${GROWING}::text[]) order by 2 desc`;
  const [open] = await db<{ bytes: number }[]>`
    select coalesce(sum(pg_relation_size(i.indexrelid)), 0)::float8 as bytes from pg_index i join pg_class t on t.oid = i.indrelid
    where i.indpred is not null and t.relname = any(${["grants", "wanted"]}::text[])`;
  return {
    bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
    tables: tables.map(({ name, bytes, dead }) => ({ name, bytes, deadShare: dead })),
    openIndexBytes: open?.bytes ?? 0,
    autovacuums: tables.reduce((sum, table) => sum + table.autovacuums, 0),
  };
}

/** Makes everything that passed old: its jobs closed and let their files go, and what is known of devices was folded from it. */
export async function makeOld(db: Db): Promise<void> {
  await db`update grants set state = 'stopped', untallied_since = null, unfolded_since = null`;
  await db`update jobs set state = 'cancelled', ended_at = now(), closed_at = now(), files_gone_at = now()`;
  await db`delete from holds`;
  await db`delete from job_windows`;
}

/** Gives what deleted rows took back to the file system. */
export async function shrink(db: Db): Promise<void> {
  for (const name of GROWING) await db`vacuum (full, analyze) ${db(name)}`;
}

/** Vacuums what grows; returns how long that took, in seconds. */
export async function vacuum(db: Db): Promise<number> {
  const startedMs = performance.now();
  for (const name of GROWING) await db`vacuum analyze ${db(name)}`;
  return (performance.now() - startedMs) / 1000;
}
