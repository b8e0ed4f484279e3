import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { ExchangeOutput, GrantView } from "#lib/protocol/exchange/exchange.ts";
import { openDatabase, PLAN_SETTINGS } from "#lib/server/db/client.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { JobSnapshot } from "./job-snapshot.ts";

/** Reads of the snapshot (once a second per process, whatever the devices do) and the frame of transactions. */
const APART = [
  /from job_cursors c cross join lateral/,
  /from jobs where id = any/,
  /from trust_classes where is_flooded/,
  /^\s*(begin|commit|set local|select b\.oid)/i,
];

let services: TestServices;
let statements: string[] = [];
beforeAll(async () => {
  const opened = await openTestServices();
  const db = openDatabase(opened.databaseUrl, { applicationName: "test", connectionsMax: 1, onStatement: (text) => statements.push(text) });
  services = {
    ...opened,
    db,
    close: async () => {
      await db.end();
      await opened.close();
    },
  };
});
afterAll(async () => {
  await services.close();
});

/** What one exchange sends when it reports `shards` results that decide them and asks for as many more. */
async function statementsOf(shards: number): Promise<string[]> {
  await services.db`update job_cursors set state = 'paused'`;
  const owner = await makeAccount(services);
  const { jobId } = await makeJob(services, owner.accountId, { shardCount: 5000 });
  const snapshot = new JobSnapshot(services);
  const [a, b] = await Promise.all([0, 1].map(async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot)));
  if (!a || !b) throw new Error("two devices");
  const take = async (device: DrivenDevice): Promise<ExchangeOutput> => await device.exchange({ shards, knownJobs: [jobId] });
  const [grantA] = (await take(a)).grants as [GrantView];
  const [grantB] = (await take(b)).grants as [GrantView];
  await a.exchange({ reports: [reportOf(grantA, String)] });
  statements = [];
  await b.exchange({ reports: [reportOf(grantB, String)], shards, knownJobs: [jobId], running: [] });
  return statements.filter((text) => !APART.some((pattern) => pattern.test(text)));
}

describe("an exchange", () => {
  test("costs the same number of statements for 1 shard and for 512", async () => {
    await statementsOf(2);
    const few = await statementsOf(1);
    const many = await statementsOf(512);
    expect(many.length).toBe(few.length);
    expect(few.length).toBeLessThanOrEqual(16);
  });

  test("judges every result on the page it lies on, so that no index hears of it", async () => {
    await services.db`update job_cursors set state = 'paused'`;
    const owner = await makeAccount(services);
    const { jobId } = await makeJob(services, owner.accountId, { shardCount: 5000 });
    const snapshot = new JobSnapshot(services);
    const pagesOf = async () => {
      const rows = await services.db<{ key: string; page: number }[]>`
        select shard_no || ' ' || voter_id as key, (ctid::text::point)[0]::int as page from results where job_id = ${uuidOf(jobId)}`;
      return new Map(rows.map(({ key, page }) => [key, page]));
    };
    const held: [DrivenDevice, GrantView][] = [];
    for (let at = 0; at < 2; at++) {
      const device = new DrivenDevice((await makeDevice(services)).ctx, snapshot);
      const { grants } = await device.exchange({ shards: 500, knownJobs: [jobId] });
      held.push([device, grants.find((grant) => grant.jobId === jobId) as GrantView]);
    }
    const [[first, grant], [second, other]] = held as [[DrivenDevice, GrantView], [DrivenDevice, GrantView]];
    await first.exchange({ reports: [reportOf(grant, String)] });
    const before = await pagesOf();
    await second.exchange({ reports: [reportOf(other, String)] });
    const after = await pagesOf();
    expect(before.size).toBe(500);
    expect([...before].filter(([key, page]) => after.get(key) !== page)).toEqual([]);
    expect((await services.db`select 1 from results where job_id = ${uuidOf(jobId)} and agreed is null`).length).toBe(0);
  });

  test("sends no statement that does not name one job or one device", async () => {
    for (const text of await statementsOf(8)) expect(text).toMatch(/job_id|device_id|pg_advisory_xact_lock_shared/);
  });

  test("is planned by PostgreSQL so that every statement reaches rows of one job or one device alone, through an index", async () => {
    const sent = new Set(await statementsOf(8));
    expect(sent.size).toBeGreaterThan(12);
    for (const text of sent)
      expect(
        scansOf(await planOf(text)).filter(({ name, by }) => HOT_TABLES.has(name) && !NAMES_ONE.test(by)),
        text,
      ).toEqual([]);
    // The check itself: this one would ask every node.
    const everywhere = scansOf(await planOf("select count(*) from results where shard_no = $1"));
    expect(everywhere.some(({ name, by }) => name === "results" && !NAMES_ONE.test(by))).toBe(true);
  });

  test("writes into tables whose keys begin with the job and that draw no number from a sequence", async () => {
    for (const table of HOT_TABLES) {
      const [key] = await services.db<{ first: string }[]>`
        select a.attname as first from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] where i.indrelid = ${table}::regclass and i.indisprimary`;
      expect(key?.first, table).toBe("job_id");
      const drawn = await services.db`
        select 1 from pg_attrdef d where d.adrelid = ${table}::regclass and pg_get_expr(d.adbin, d.adrelid) like 'nextval%'
        union all select 1 from pg_index i where i.indrelid = ${table}::regclass and i.indisunique
          and not (select attnum from pg_attribute where attrelid = i.indrelid and attname = 'job_id') = any(i.indkey)`;
      expect(drawn, table).toEqual([]);
    }
  });
});

/** What a database that is distributed by job would spread. */
const HOT_TABLES = new Set(["grants", "wanted", "results", "shards", "job_cursors", "job_counters", "job_postings"]);
const NAMES_ONE = /\b(job_id|device_id) = (\$\d+|'[^']+'::uuid)/;

type Plan = { "Node Type": string; "Relation Name"?: string; Operation?: string; Plans?: Plan[] } & Record<string, unknown>;

/** How PostgreSQL would run a statement whatever its parameters are. */
async function planOf(text: string): Promise<Plan> {
  const client = new pg.Client({ connectionString: services.databaseUrl, options: PLAN_SETTINGS });
  try {
    await client.connect();
    const answer = await client.query<{ "QUERY PLAN": { Plan: Plan }[] }>(`explain (generic_plan, format json) ${text}`);
    const plan = answer.rows[0]?.["QUERY PLAN"][0]?.Plan;
    if (!plan) throw new Error("no plan");
    return plan;
  } finally {
    await client.end();
  }
}

/** The tables that a plan reads, each with the conditions by which it finds its rows. */
function scansOf(plan: Plan): { name: string; by: string }[] {
  const conditions = ["Index Cond", "Recheck Cond", "Filter"].map((key) => String(plan[key] ?? "")).join(" ");
  const isScan = plan["Node Type"].includes("Scan") && plan["Relation Name"] !== undefined;
  return [...(isScan ? [{ name: plan["Relation Name"] ?? "", by: conditions }] : []), ...(plan.Plans ?? []).flatMap(scansOf)];
}
