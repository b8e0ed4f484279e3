import "server-only";
import { timingSafeEqual } from "node:crypto";
import { Gauge, Registry } from "prom-client";
import type { Services } from "../context.ts";
import { renderError } from "../http/render.ts";
import { getServices } from "../services.ts";
import { getMetrics } from "./metrics.ts";
import { type Gauges, readGauges } from "./read-gauges.ts";

/**
 * What Prometheus reads: this process's counts and the instance's gauges. Only with the token of METRICS_TOKEN; without that setting, or with another
 * token, there is nothing here.
 */
export async function reportMetrics(request: Request, source: () => Promise<Services> = getServices): Promise<Response> {
  const services = await source();
  if (!mayRead(request, services.config.metricsToken)) return new Response(null, { status: 404 });
  try {
    const gauges = gaugesOf(await readGauges(services.db, services.clock.now()));
    const merged = Registry.merge([getMetrics().registry, gauges]);
    return new Response(await merged.metrics(), { headers: { "content-type": merged.contentType, "cache-control": "no-store" } });
  } catch (error) {
    return renderError(error, { log: services.log, where: "metrics", close: false });
  }
}

function mayRead(request: Request, token: string | null): boolean {
  if (token === null) return false;
  const given = Buffer.from(/^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "");
  const expected = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function gaugesOf(read: Gauges): Registry {
  const registry = new Registry();
  const registers = [registry];
  const set = (name: string, help: string, value: number) => new Gauge({ name, help, registers }).set(value);
  set("shoal_devices_at_work", "Devices that hold an open grant", read.devicesAtWork);
  set("shoal_open_grants", "Grants that devices hold", read.openGrants);
  set("shoal_wanted", "Further replicas that nobody took yet", read.wanted);
  set("shoal_wanted_oldest_seconds", "How long the oldest of them waits", read.wantedOldestS);
  set("shoal_untallied_grants", "Grants with results that wait for a tally", read.untallied);
  const jobs = new Gauge({ name: "shoal_jobs", help: "Jobs by state", labelNames: ["state"], registers });
  for (const { state, count } of read.jobsByState) jobs.set({ state }, count);
  return registry;
}
