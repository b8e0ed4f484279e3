import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureHotStatements, type SentStatement } from "#lib/testing/hot-statements.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { openDatabase, PLAN_SETTINGS } from "./client.ts";
import { BY_JOB, distribute, EVERYWHERE, NotDistributableError } from "./distribution.ts";

let services: TestServices;
let hot: SentStatement[] = [];
let client: pg.Client;
beforeAll(async () => {
  services = await openTestServices({ independentWaitMs: 0 });
  hot = await captureHotStatements(services);
  client = new pg.Client({ connectionString: services.databaseUrl, options: PLAN_SETTINGS });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await services.close();
});

const byJob = new Set<string>(BY_JOB);
const everywhere = new Set<string>(EVERYWHERE);

test("a server without Citus is told so in words, and nothing of its database changes", async () => {
  const tables = async () => (await client.query("select count(*) from pg_class")).rows;
  const before = await tables();
  const refused = distribute(services.databaseUrl);
  await expect(refused).rejects.toThrow("no extension citus");
  await expect(refused).rejects.toBeInstanceOf(NotDistributableError);
  expect(await tables()).toEqual(before);
});

test("plans are made anew for each statement where the setting says so, and kept elsewhere", async () => {
  const modeOf = async (options: Parameters<typeof openDatabase>[1]) => {
    const db = openDatabase(services.databaseUrl, options);
    const [row] = await db<{ plan_cache_mode: string }[]>`show plan_cache_mode`;
    await db.end();
    return row?.plan_cache_mode;
  };
  expect(await modeOf({ plans: "each" })).toBe("force_custom_plan");
  expect(await modeOf({})).toBe("force_generic_plan");
});

describe("a table that is spread by job", () => {
  test.each(BY_JOB)("%s: every key that has to be unique names the job, and no number is drawn from a sequence", async (table) => {
    const { rows } = await client.query<{ name: string }>(
      `select i.indexrelid::regclass::text as name from pg_index i where i.indrelid = $1::regclass and i.indisunique
         and not (select attnum from pg_attribute where attrelid = i.indrelid and attname = 'job_id') = any(i.indkey::int2[])
       union all select a.attname from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
         where a.attrelid = $1::regclass and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like '%nextval%')`,
      [table],
    );
    expect(rows).toEqual([]);
  });

  test("refers to nothing, and is referred to by nothing, that lies elsewhere", async () => {
    const { rows } = await client.query<{ from: string; to: string }>(
      `select conrelid::regclass::text as from, confrelid::regclass::text as to from pg_constraint where contype = 'f'`,
    );
    expect(rows.length).toBeGreaterThan(5);
    const wrong = rows.filter(({ from, to }) => {
      if (byJob.has(to)) return true;
      return (byJob.has(from) || everywhere.has(from)) && !everywhere.has(to);
    });
    expect(wrong).toEqual([]);
  });
});

/** What exchanges must have sent for this to be a test of them. */
const EXPECTED = [
  /^\s*insert into device_exchanges/,
  /^\s*insert into results .* 'ok'/s,
  /^\s*insert into results .* stderr/s,
  /^\s*with won as/,
  /^\s*with dissent as/,
  /json_agg/,
  /^\s*insert into wanted/,
  /^\s*insert into grants/,
  /set state = 'abandoned'/,
  /set deadline_at = least/,
  /for update of w skip locked/,
  /g\.lane = 'any'/,
  /from job_artifacts/,
  /union all/,
];

/** The one statement that looks for a device's grants of all jobs: only a request that comes a second time asks for them, and it asks every node. */
const OF_A_REPEAT = /from grants\s+where device_id = \$1 and state = 'open' and seq = \$2/;

describe("a statement of the exchange", () => {
  test("is among those that were really sent", () => {
    for (const pattern of EXPECTED)
      expect(
        hot.some(({ text }) => pattern.test(text)),
        String(pattern),
      ).toBe(true);
  });

  test("finds rows of one job only, joins them with nothing that lies on another node, and draws nothing from a sequence", async () => {
    for (const { text, values } of hot.filter((statement) => !OF_A_REPEAT.test(statement.text))) {
      expect(problemsOf(await planOf(client, text), { text, values }), text).toEqual([]);
      expect(text).not.toMatch(/nextval|generate_series\(|pg_current_xact_id/);
    }
  });

  test("would be found out", async () => {
    const job = "11111111-1111-1111-1111-111111111111";
    const found = async (text: string, values: string[]) => problemsOf(await planOf(client, text), { text, values });
    expect(await found("select 1 from results where shard_no = $1::int", ["1"])).toEqual(["results is not asked for one job"]);
    expect(await found("select 1 from results r join shards s on s.job_id = $1::uuid and s.no = r.shard_no where r.job_id = $2::uuid", [job, job])).toEqual([]);
    const two = await found("select 1 from results r join shards s on s.job_id = $1::uuid and s.no = r.shard_no where r.job_id = $2::uuid", [
      job,
      "2".repeat(32),
    ]);
    expect(two).toEqual(["it names 2 jobs"]);
    expect(await found("select 1 from results r join devices d on d.id = r.device_id where r.job_id = $1::uuid", [job])).toEqual([
      "devices is joined, which lies elsewhere",
    ]);
    expect(
      await found("insert into shards (job_id, no, verdict, decided_at) select job_id, shard_no, 'failed', now() from results where job_id = $1::uuid", [job]),
    ).toEqual(["shards is written for no job in particular"]);
  });
});

type Plan = { "Node Type": string; "Relation Name"?: string; Operation?: string; Plans?: Plan[] } & Record<string, unknown>;

/** How PostgreSQL would run a statement whatever its parameters are. */
async function planOf(on: pg.Client, text: string): Promise<Plan> {
  const answer = await on.query<{ "QUERY PLAN": { Plan: Plan }[] }>(`explain (generic_plan, verbose, format json) ${text}`);
  const plan = answer.rows[0]?.["QUERY PLAN"][0]?.Plan;
  if (!plan) throw new Error("no plan");
  return plan;
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

const ASKED = /\bjob_id = \$(\d+)/g;
const WRITTEN = /insert into (\w+)(?: as \w+)? \("?job_id"?,[^)]*\)\s*(?:select|values \()\s*\$(\d+)/g;

/** What keeps a statement from being run by the node of one job. */
function problemsOf(plan: Plan, statement: SentStatement): string[] {
  const nodes = nodesOf(plan).filter((node) => node["Relation Name"] !== undefined);
  if (!nodes.some((node) => byJob.has(tableOf(node)))) return [];
  const found = [...nodes.filter(isRead).map((node) => readOf(node)), ...nodes.filter(isInsert).map((node) => insertOf(node, statement.text))];
  const jobs = new Set(found.flatMap(({ jobsAt }) => jobsAt.map((at) => String(statement.values[at - 1]).replaceAll("-", ""))));
  const problems = found.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  return [...new Set(problems), ...(jobs.size > 1 ? [`it names ${jobs.size} jobs`] : [])];
}

const tableOf = (node: Plan): string => node["Relation Name"] ?? "";
const isRead = (node: Plan): boolean => node["Node Type"] !== "ModifyTable";
const isInsert = (node: Plan): boolean => node["Node Type"] === "ModifyTable" && node.Operation === "Insert";

/** Which parameters say the job, and what is wrong. */
type Found = { jobsAt: number[]; problem: string | null };

function readOf(node: Plan): Found {
  const table = tableOf(node);
  if (!byJob.has(table)) return { jobsAt: [], problem: everywhere.has(table) ? null : `${table} is joined, which lies elsewhere` };
  const conditions = ["Index Cond", "Recheck Cond", "Filter"].map((key) => String(node[key] ?? "")).join(" ");
  const jobsAt = [...conditions.matchAll(ASKED)].map(([, at]) => Number(at));
  return { jobsAt, problem: jobsAt.length > 0 ? null : `${table} is not asked for one job` };
}

function insertOf(node: Plan, text: string): Found {
  const table = tableOf(node);
  const at = [...text.matchAll(WRITTEN)].find(([, written]) => written === table)?.[2];
  return at === undefined ? { jobsAt: [], problem: `${table} is written for no job in particular` } : { jobsAt: [Number(at)], problem: null };
}
