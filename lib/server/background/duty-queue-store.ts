import "server-only";
import type { Reader } from "../db/client.ts";

/** Who holds a duty for longer is taken for dead. */
const HELD_S_MAX = 60;

/**
 * Which of these duties nothing will run any more: neither queued, nor under way for less than a minute. One whose process died stays held by it, and one that
 * could not put itself back, because the database was away, is gone.
 */
export async function listLostDuties<Name extends string>(reader: Reader, names: readonly Name[]): Promise<Name[]> {
  const rows = await reader<{ name: Name }[]>`
    select name from unnest(${[...names]}::text[]) as name
    where not exists (select 1 from graphile_worker.jobs j where j.key = name
      and case when j.locked_at is null then j.attempts < j.max_attempts else j.locked_at > now() - make_interval(secs => ${HELD_S_MAX}) end)`;
  return rows.map(({ name }) => name);
}
