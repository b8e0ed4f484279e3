import { hash } from "node:crypto";
import pg from "pg";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import { replicaCost } from "#lib/domain/ledger/money.ts";
import { PLAN_SETTINGS } from "#lib/server/db/client.ts";
import { newId } from "#lib/server/ids.ts";
import { outputOf } from "./device-load.ts";
import { type InProcessFigures, type InProcessLoad, type Loop, measureInProcess } from "./in-process.ts";
import { FEE_BPS, PRICE_MICRO, type World } from "./world.ts";

/**
 * How many shards a second the same database verifies and settles with the least statements that do it: by hand, without HTTP, rules, checks or retries. Three for
 * each report, all sent at once: the results, in a commit of their own so that of two reporters the later sees both; verdicts, judgements, payments and progress; the next
 * range. Half of the devices run each pass. The same tables, the same durability, and the same proof afterwards that it was done.
 */
export async function measureSqlLimit(world: World, load: InProcessLoad): Promise<InProcessFigures> {
  return await measureInProcess(
    world,
    load,
    Array.from({ length: load.devices }, (_, at) => new LimitLoop(world, load.batch, at)),
  );
}

type Range = { jobId: JobId; grant: string; fromNo: number };

/** What one device would do, on one connection of its own. */
class LimitLoop implements Loop {
  readonly #world: World;
  readonly #batch: number;
  readonly #at: number;
  readonly #device = uuidOf(newId("dev"));
  readonly #client: pg.Client;
  #turn = 0;
  reported = 0;

  constructor(world: World, batch: number, at: number) {
    this.#world = world;
    this.#batch = batch;
    this.#at = at;
    this.#client = new pg.Client({ connectionString: world.databaseUrl, options: PLAN_SETTINGS, pipeline: true });
  }

  async run(isOver: () => boolean): Promise<void> {
    await this.#client.connect();
    try {
      let held = await this.#take();
      while (!isOver()) [, held] = await Promise.all([this.#report(held), this.#take()]);
      await this.#report(held);
    } finally {
      await this.#client.end();
    }
  }

  async #take(): Promise<Range> {
    const jobId = this.#world.jobIds[(this.#at + this.#turn++) % this.#world.jobIds.length] as JobId;
    const grant = uuidOf(newId("grt"));
    const pass = (this.#at % 2) + 1;
    const { rows } = await this.#client.query<{ from_no: number }>({
      name: "take",
      text: TAKE,
      values: [uuidOf(jobId), grant, this.#device, this.#batch, pass, this.#turn, String(BigInt(this.#batch) * replicaCost(PRICE_MICRO, FEE_BPS))],
    });
    return { jobId, grant, fromNo: rows[0]?.from_no ?? 0 };
  }

  async #report({ jobId, grant, fromNo }: Range): Promise<void> {
    const job = uuidOf(jobId);
    const nos = Array.from({ length: this.#batch }, (_, i) => fromNo + i);
    const outputs = nos.map((no) => outputOf(jobId, no));
    const list = (values: readonly (string | number)[]) => `{${values.join(",")}}`;
    const insert = this.#client.query({
      name: "insert",
      text: INSERT,
      values: [
        job,
        this.#device,
        grant,
        list(nos),
        list(outputs.map((output) => hash("sha256", output))),
        list(outputs.map((output) => Buffer.from(output).toString("base64"))),
      ],
    });
    const decide = this.#client.query({
      name: "decide",
      text: DECIDE,
      values: [job, fromNo, fromNo + this.#batch, grant, `settle:${grant}`, String(PRICE_MICRO), String(replicaCost(PRICE_MICRO, FEE_BPS)), this.#at],
    });
    await Promise.all([insert, decide]);
    this.reported += this.#batch;
  }
}

const INSERT = `
  insert into results (job_id, shard_no, round, voter_id, device_id, cluster_id, grant_id, outcome, digest, output, output_bytes, duration_ms, reported_at)
  select $1::uuid, no, 0, $2::uuid, $2::uuid, $2::uuid, $3::uuid, 'ok', decode(digest, 'hex'), decode(output, 'base64'), 64, 1, now()
  from unnest($4::int[], $5::text[], $6::text[]) as r (no, digest, output)`;

const DECIDE = `
  with won as (
    insert into shards (job_id, no, verdict, outcome, digest, output, output_bytes, decided_at)
    select $1::uuid, shard_no, 'accepted', 'ok', digest, (array_agg(output))[1], 64, now() from results
    where job_id = $1::uuid and shard_no >= $2::int and shard_no < $3::int and agreed is null
    group by shard_no, digest having count(*) >= 2 order by shard_no
    on conflict do nothing returning no, digest),
  judged as (
    update results r set agreed = 'yes', settled_at = now(), output = null
    where r.job_id = $1::uuid and r.shard_no >= $2::int and r.shard_no < $3::int and r.agreed is null and ((r.shard_no, r.digest) in (select no, digest from won)) is true
    returning r.device_id),
  paid as (select device_id, count(*) as replicas from judged group by device_id),
  closed as (update grants set state = 'closed', reported = to_no - from_no where job_id = $1::uuid and id = $4::uuid),
  posted as (
    insert into job_postings (job_id, ref, line, side, device_id, amount_micro)
    select $1::uuid, $5::text, row_number() over (), 'earned', device_id, replicas * $6::bigint from paid
    union all select $1::uuid, $5::text, 0, 'escrow', null, -$7::bigint * sum(replicas)::bigint from paid having sum(replicas) > 0
    union all select $1::uuid, $5::text, -1, 'fee', null, ($7::bigint - $6::bigint) * sum(replicas)::bigint from paid having sum(replicas) > 0)
  insert into job_counters as c (job_id, stripe, accepted, replicas, duration_ms, output_bytes)
  select $1::uuid, $8::int, (select count(*) from won), sum(replicas), sum(replicas), 64 * (select count(*) from won) from paid having sum(replicas) > 0
  on conflict (job_id, stripe) do update set accepted = c.accepted + excluded.accepted, replicas = c.replicas + excluded.replicas,
    duration_ms = c.duration_ms + excluded.duration_ms, output_bytes = c.output_bytes + excluded.output_bytes`;

/** Relaxed as the exchange's own: a grant that a crash forgets is granted again. */
const TAKE = `
  with moved as (
    update job_cursors set heads[$5::int] = heads[$5::int] + $4::int, committed_micro = committed_micro + $7::bigint
    where job_id = $1::uuid and set_config('synchronous_commit', 'off', true) = 'off' returning heads[$5::int] - $4::int as from_no)
  insert into grants (job_id, id, device_id, voter_id, cluster_id, seq, from_no, to_no, state, granted_at, deadline_at, hard_cap_at)
  select $1::uuid, $2::uuid, $3::uuid, $3::uuid, $3::uuid, $6::bigint, from_no, from_no + $4::int, 'open', now(), now() + interval '45 s', now() + interval '10 min' from moved
  returning from_no`;
