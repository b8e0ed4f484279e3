import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "#lib/server/db/client.ts";

const LOOK_EVERY_MS = 1000;

type Books = { upTo: string; jobs: string; accounts: string };

/**
 * Looks again and again, as often as the database answers, at what may never change: verdicts that are final, and rows of the ledger. `problems` fills with what
 * did change.
 */
export class LawWatcher {
  readonly #db: Db;
  readonly #finals = new Map<string, string>();
  #books: Books | null = null;
  readonly problems = { "a final verdict never changes": [] as string[], "the ledger is append-only": [] as string[] };
  looks = 0;

  constructor(db: Db) {
    this.#db = db;
  }

  async watchUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      // While the database is away there is nothing to see.
      await this.look().catch(() => undefined);
      await sleep(LOOK_EVERY_MS);
    }
  }

  async look(): Promise<void> {
    await this.#lookAtVerdicts();
    await this.#lookAtBooks();
    this.looks += 1;
  }

  async #lookAtVerdicts(): Promise<void> {
    const rows = await this.#db<{ shard: string; verdict: string }[]>`
      select s.job_id || '/' || s.no as shard, s.round || ' ' || s.verdict || ' ' || coalesce(encode(s.digest, 'hex'), '') as verdict
      from shards s join jobs j on j.id = s.job_id left join trust_classes t on t.assurance = j.spec->'verification'->>'assurance'
      where s.verdict <> 'open' and (s.window_no is null or s.window_no <= t.closed_window_no)`;
    const seen = new Map(rows.map(({ shard, verdict }) => [shard, verdict]));
    for (const [shard, verdict] of this.#finals)
      if (seen.get(shard) !== verdict)
        this.problems["a final verdict never changes"].push(`${shard} was “${verdict}” and became “${seen.get(shard) ?? "nothing"}”`);
    for (const [shard, verdict] of seen) this.#finals.set(shard, verdict);
  }

  /** Rows of transactions that had ended at the last look are summed up again: the sum must be the same. */
  async #lookAtBooks(): Promise<void> {
    const before = this.#books;
    if (before) {
      const again = await this.#sumUp(before.upTo);
      for (const side of ["jobs", "accounts"] as const)
        if (again[side] !== before[side]) this.problems["the ledger is append-only"].push(`the postings of ${side} before ${before.upTo} changed`);
    }
    const [now] = await this.#db<{ xmin: string }[]>`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`;
    this.#books = await this.#sumUp(now?.xmin ?? "0");
  }

  async #sumUp(upTo: string): Promise<Books> {
    const [row] = await this.#db<{ jobs: string; accounts: string }[]>`
      select (select count(*) || ' ' || coalesce(sum(hashtextextended(p::text, 0)), 0) from job_postings p where p.written < ${upTo}::text::xid8) as jobs,
        (select count(*) || ' ' || coalesce(sum(hashtextextended(p::text, 0)), 0) from account_postings p where p.written < ${upTo}::text::xid8) as accounts`;
    return { upTo, jobs: row?.jobs ?? "", accounts: row?.accounts ?? "" };
  }
}
