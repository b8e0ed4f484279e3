import "server-only";
import type { Db, Reader } from "../db/client.ts";

const ERROR_CHARS_MAX = 200;

/** Notes how a duty ended; `error` is null where it ended well. */
export async function noteDuty(db: Db, run: { name: string; endedAt: Date; durationMs: number; error: string | null }): Promise<void> {
  const error = run.error?.slice(0, ERROR_CHARS_MAX) ?? null;
  const doneAt = error === null ? run.endedAt : null;
  await db`
    insert into duty_runs as d (name, ended_at, duration_ms, done_at, failures, error)
    values (${run.name}, ${run.endedAt}, ${Math.round(run.durationMs)}, ${doneAt}, ${error === null ? 0 : 1}, ${error})
    on conflict (name) do update set ended_at = excluded.ended_at, duration_ms = excluded.duration_ms, error = excluded.error,
      done_at = coalesce(excluded.done_at, d.done_at), failures = case when excluded.error is null then 0 else d.failures + 1 end`;
}

export type DutyRow = { name: string; endedAt: Date; durationMs: number; doneAt: Date | null; failures: number; error: string | null };

export async function listDuties(reader: Reader): Promise<DutyRow[]> {
  return await reader<DutyRow[]>`
    select name, ended_at as "endedAt", duration_ms as "durationMs", done_at as "doneAt", failures, error from duty_runs order by name`;
}
