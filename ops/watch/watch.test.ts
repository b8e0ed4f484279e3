import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DUTY_EVERY_MS, type DutyName } from "#lib/server/background/duty-rhythm.ts";
import { getMetrics } from "#lib/server/metrics/metrics.ts";
import { reportMetrics } from "#lib/server/metrics/report-metrics.ts";
import { noteDuty } from "#lib/server/operations/duty-store.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";

const TOKEN = "a-token-of-sixteen";
const ROOT = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const ALERTS = read("ops/watch/alerts.yml");
const RUNBOOK = read("docs/operations/runbook.md");

type Rule = { name: string; expr: string; severity: string; summary: string; runbook: string };

/** The rules of the file, in the one form that it has. */
function readRules(): Rule[] {
  const field = (block: string, name: string) => new RegExp(`^ +${name}: (.+)$`, "m").exec(block)?.[1] ?? "";
  return ALERTS.split(/^ {6}- alert: /m)
    .slice(1)
    .map((block) => ({
      name: block.split("\n", 1)[0] ?? "",
      expr: field(block, "expr"),
      severity: /severity: (\w+)/.exec(block)?.[1] ?? "",
      summary: field(block, "summary"),
      runbook: field(block, "runbook"),
    }));
}

/** The queries of the dashboard, with the panel that each stands in. */
function readQueries(): { title: string; expr: string }[] {
  const { panels } = JSON.parse(read("ops/watch/dashboard.json")) as { panels: { title: string; targets: { expr: string }[] }[] };
  return panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
}

const metricsIn = (expr: string) => [...new Set(expr.match(/\bshoal_\w+/g) ?? [])];

/** Whether Prometheus' own grammar takes the query. */
function isQuery(expr: string): boolean {
  let isWhole = true;
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) isWhole = false;
    },
  });
  return isWhole;
}

let services: TestServices;
let answer: string;
beforeAll(async () => {
  services = await openTestServices();
  for (const name of Object.keys(DUTY_EVERY_MS) as DutyName[]) await noteDuty(services.db, { name, endedAt: services.clock.now(), durationMs: 1, error: null });
  getMetrics().requestSeconds.observe({ endpoint: "exchange", status: "200" }, 0.01);
  const config = { ...services.config, metricsToken: TOKEN };
  const response = await reportMetrics(new Request("http://127.0.0.1:3999/api/metrics", { headers: { authorization: `Bearer ${TOKEN}` } }), async () => ({
    ...services,
    config,
  }));
  answer = await response.text();
});
afterAll(() => services.close());

/** Names as Prometheus stores them: a histogram is three. */
function namesAnswered(): Set<string> {
  return new Set(
    [...answer.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = "", type]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

test("there are rules and queries to look at", () => {
  expect(readRules().length).toBeGreaterThan(10);
  expect(readQueries().length).toBeGreaterThan(20);
});

describe.each(readRules())("the alert $name", ({ name, expr, severity, summary, runbook }) => {
  test("asks a query of metrics that the instance answers with", () => {
    expect(isQuery(expr), expr).toBe(true);
    expect(metricsIn(expr).filter((metric) => !namesAnswered().has(metric))).toEqual([]);
  });

  test("says how bad it is, what it is, and where the runbook tells what to do", () => {
    expect(severity).toMatch(/^(page|warn)$/);
    expect(summary).not.toBe("");
    expect(runbook).toBe(`docs/operations/runbook.md#${name.toLowerCase()}`);
    expect(RUNBOOK).toMatch(new RegExp(`^## ${name}$`, "m"));
  });
});

test.each(readQueries())("the dashboard's panel “$title” asks $expr of metrics that the instance answers with", ({ expr }) => {
  expect(isQuery(expr)).toBe(true);
  expect(metricsIn(expr).filter((metric) => !namesAnswered().has(metric))).toEqual([]);
});

test("the runbook has no alert that is none, and names no metric that is none", () => {
  const alerts = new Set(readRules().map(({ name }) => name));
  const headings = [...RUNBOOK.matchAll(/^## (\w+)$/gm)].map(([, name = ""]) => name);
  expect(headings.filter((name) => !alerts.has(name))).toEqual([]);
  expect(metricsIn(RUNBOOK).filter((metric) => !namesAnswered().has(metric))).toEqual([]);
});

test("a query that is none, or of a metric that is none, would be seen", () => {
  expect(isQuery("sum by (le (rate(shoal_results_total[5m]))")).toBe(false);
  expect(metricsIn("rate(shoal_no_such_total[5m])").filter((metric) => !namesAnswered().has(metric))).toEqual(["shoal_no_such_total"]);
});
