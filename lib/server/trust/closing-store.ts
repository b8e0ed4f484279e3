import "server-only";
import { PRIORITIES, REPEATING_KINDS } from "#lib/domain/dispatch/lanes.ts";
import { idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import { TRUSTED_CHECK_SHARE } from "#lib/domain/trust/check.ts";
import { STRATA_COUNT } from "#lib/domain/trust/check-rate.ts";
import type { Detection } from "#lib/domain/trust/hidden-errors.ts";
import type { Reader, Tx } from "../db/client.ts";
import { countIntoWindows } from "./hold-store.ts";
import { openWindow } from "./window-store.ts";

export type ClosingWindow = { no: number; endedAt: Date; nextEndedAt: Date; sweptRates: number[]; sweptAt: Date | null };

/** The window that closes next, if the one after it has ended; null otherwise. */
export async function findClosing(reader: Reader, assurance: AssuranceClass, closedWindowNo: number): Promise<ClosingWindow | null> {
  const [row] = await reader<ClosingWindow[]>`
    select w.no, w.ended_at as "endedAt", n.ended_at as "nextEndedAt", w.swept_rates as "sweptRates", w.swept_at as "sweptAt"
    from trust_windows w join trust_windows n on n.assurance = w.assurance and n.no = w.no + 1
    where w.assurance = ${assurance} and w.no = ${closedWindowNo + 1} and w.ended_at is not null and n.ended_at is not null`;
  return row ?? null;
}

/** The window that takes new results. */
export async function findOpen(reader: Reader, assurance: AssuranceClass, no: number): Promise<{ openedAt: Date; results: number } | null> {
  const [row] = await reader<{ openedAt: Date; results: number }[]>`
    select opened_at as "openedAt", results from trust_windows where assurance = ${assurance} and no = ${no}`;
  return row ?? null;
}

/** Ends the window that takes new results and opens the next one. */
export async function endWindow(tx: Tx, assurance: AssuranceClass, end: { no: number; at: Date }): Promise<void> {
  await tx`update trust_windows set ended_at = ${end.at} where assurance = ${assurance} and no = ${end.no}`;
  await openWindow(tx, { assurance, no: end.no + 1, at: end.at });
  await tx`update trust_classes set open_window_no = ${end.no + 1} where assurance = ${assurance}`;
}

/** Forgets checks of a window that nobody runs any more, because their jobs were cancelled or failed. */
export async function forgetEnded(tx: Tx, assurance: AssuranceClass, no: number): Promise<void> {
  await tx`
    update holds h set "check" = 'none' where assurance = ${assurance} and window_no = ${no} and "check" = 'drawn'
      and exists (select from job_cursors c where c.job_id = h.job_id and c.state in ('cancelled', 'failed'))`;
}

/** How many results of a window are on hold, by stratum, and how many of them wait for a check. */
export async function countStrata(reader: Reader, assurance: AssuranceClass, no: number): Promise<{ results: number[]; drawn: number }> {
  const rows = await reader<{ stratum: number; results: number; drawn: number }[]>`
    select stratum, count(*)::int as results, count(*) filter (where "check" = 'drawn')::int as drawn
    from holds where assurance = ${assurance} and window_no = ${no} group by stratum`;
  const results = new Array<number>(STRATA_COUNT).fill(0);
  for (const row of rows) results[row.stratum] = row.results;
  return { results, drawn: rows.reduce((sum, row) => sum + row.drawn, 0) };
}

/** Whether a device that was found out has results in a window that are not dealt with, or a refuted one was not taken back yet. */
export async function hasJusticeDue(reader: Reader, assurance: AssuranceClass): Promise<boolean> {
  const [row] = await reader<{ found: boolean }[]>`
    select exists (select from device_trust where justice_due_at is not null)
      or exists (select from refutations where applied_at is null and assurance = ${assurance}) as found`;
  return row?.found ?? false;
}

/**
 * What was found wrong by device, of results in this window and those after it. What an owner had looked at was no sample, and says nothing about the rest. A result that was
 * never taken back, because its job had ended, is held apart from the others as a later one is.
 */
export async function listDetections(reader: Reader, assurance: AssuranceClass, no: number): Promise<Detection[]> {
  const rows = await reader<{ device_id: string; stratum: number; rate: number; window_no: number; found_at: Date; given_at: Date | null }[]>`
    select f.device_id, f.stratum, f.rate, f.window_no, f.at as found_at, r.decided_at as given_at
    from refutations f left join revocations r on r.job_id = f.job_id and r.no = f.no and r.round = f.round
    where f.assurance = ${assurance} and f.window_no >= ${no} and f.withdrawn_at is null and not f.is_asked`;
  return [...Map.groupBy(rows, (row) => row.device_id).values()].map((wrong) => {
    const foundAt = Math.min(...wrong.map(({ found_at }) => found_at.getTime()));
    return wrong.map(({ stratum, rate, window_no, given_at }) => ({
      stratum,
      rate,
      isInWindow: window_no === no,
      isLater: given_at === null || given_at.getTime() > foundAt,
    }));
  });
}

/** Draws every result of a stratum whose lot is below a rate for a check, and asks for it; a fifth of the checks are the trusted devices' own. */
export async function sweepStratum(
  tx: Tx,
  assurance: AssuranceClass,
  sweep: { no: number; stratum: number; rate: number; sweptRates: readonly number[]; at: Date },
): Promise<number> {
  const { no, stratum, rate, at } = sweep;
  const drawn = await tx<{ job_id: string; no: number; round: number }[]>`
    update holds set "check" = 'drawn' where assurance = ${assurance} and window_no = ${no} and stratum = ${stratum} and lot < ${rate} and "check" = 'none'
      and exists (select from job_cursors c where c.job_id = holds.job_id and c.state not in ('cancelled', 'failed'))
    returning job_id, no, round`;
  if (drawn.length > 0) {
    await tx`
      insert into wanted (job_id, from_no, to_no, round, kind, lane, priority, ordinal, excluded, excluded_until, created_at)
      select job_id, no, no + 1, round, 'check', case when random() < ${TRUSTED_CHECK_SHARE} then 'trusted' else 'established' end, ${PRIORITIES.check}, 'sweep', '{}', ${at}, ${at}
      from unnest(${drawn.map((d) => d.job_id)}::uuid[], ${drawn.map((d) => d.no)}::int[], ${drawn.map((d) => d.round)}::smallint[]) as d (job_id, no, round)
      on conflict do nothing`;
  }
  await tx`update trust_windows set swept_rates = ${tx.json([...sweep.sweptRates])}, swept_at = ${at} where assurance = ${assurance} and no = ${no}`;
  return drawn.length;
}

/** How many checks of each job's results in a window are outstanding and done; jobs without outstanding ones are left out. */
export async function listOutstandingChecks(reader: Reader, assurance: AssuranceClass, no: number): Promise<{ jobId: JobId; drawn: number; done: number }[]> {
  const rows = await reader<{ job_id: string; drawn: number; done: number }[]>`
    select job_id, count(*) filter (where "check" = 'drawn')::int as drawn, count(*) filter (where "check" = 'done')::int as done
    from holds where assurance = ${assurance} and window_no = ${no} group by job_id having count(*) filter (where "check" = 'drawn') > 0 order by job_id`;
  return rows.map(({ job_id, ...checks }) => ({ jobId: idOf("job", job_id), ...checks }));
}

/**
 * Carries results whose check did not come in time into the open window, and with them everything of the jobs in `wholly`: they stay provisional, and nobody else waits for
 * them. Where nothing is on offer or under way that could still check them, a trusted device is asked: whoever was asked before may have fallen out of standing before it
 * answered.
 */
export async function carryOver(tx: Tx, assurance: AssuranceClass, carry: { from: number; to: number; wholly: readonly JobId[]; at: Date }): Promise<number> {
  const rows = await tx<{ job_id: string; no: number; round: number; check: string }[]>`
    update holds set window_no = ${carry.to} where assurance = ${assurance} and window_no = ${carry.from}
      and ("check" = 'drawn' or job_id = any(${carry.wholly.map(uuidOf)}::uuid[])) returning job_id, no, round, "check"`;
  await askAnew(
    tx,
    rows.filter((row) => row.check === "drawn"),
    carry,
  );
  for (const [jobId, of] of Map.groupBy(rows, (row) => row.job_id)) {
    const nos = of.map((row) => row.no);
    await tx`
      update shards s set window_no = ${carry.to} from unnest(${nos}::int[], ${of.map((row) => row.round)}::smallint[]) as h (no, round)
      where s.job_id = ${jobId} and s.no = any(${nos}::int[]) and s.no = h.no and s.round = h.round and s.verdict <> 'open'`;
    await countIntoWindows(
      tx,
      { jobId: idOf("job", jobId), assurance },
      new Map([
        [carry.from, -of.length],
        [carry.to, of.length],
      ]),
    );
  }
  return rows.length;
}

async function askAnew(tx: Tx, drawn: readonly { job_id: string; no: number; round: number }[], carry: { to: number; at: Date }): Promise<void> {
  const repeating = [...REPEATING_KINDS];
  await tx`
    insert into wanted (job_id, from_no, to_no, round, kind, lane, priority, ordinal, excluded, excluded_until, created_at)
    select job_id, no, no + 1, round, 'verify', 'trusted', ${PRIORITIES.verify}, ${`late ${carry.to}`}, '{}', ${carry.at}, ${carry.at}
    from unnest(${drawn.map((d) => d.job_id)}::uuid[], ${drawn.map((d) => d.no)}::int[], ${drawn.map((d) => d.round)}::smallint[]) as d (job_id, no, round)
    where not exists (select from wanted w where w.job_id = d.job_id and w.from_no = d.no and w.round = d.round and w.kind = any(${repeating}::text[]) and w.taken_at is null)
      and not exists (select from grants g where g.job_id = d.job_id and g.state = 'open' and g.wanted_kind = any(${repeating}::text[]) and g.from_no <= d.no and g.to_no > d.no)
    on conflict do nothing`;
}

/** Closes a window: its results are final from here on. */
export async function closeWindow(
  tx: Tx,
  assurance: AssuranceClass,
  close: { no: number; at: Date; boosts: readonly number[]; boostAll: number },
): Promise<void> {
  await tx`update trust_windows set closed_at = ${close.at} where assurance = ${assurance} and no = ${close.no}`;
  await tx`
    update trust_classes set closed_window_no = ${close.no}, boosts = ${tx.json([...close.boosts])}, boost_all = ${close.boostAll} where assurance = ${assurance}`;
}
