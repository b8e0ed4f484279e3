import "server-only";
import { timingSafeEqual } from "node:crypto";
import { Gauge, Registry } from "prom-client";
import type { Services } from "../context.ts";
import { renderError } from "../http/render.ts";
import { getServices } from "../services.ts";
import { getMetrics } from "./metrics.ts";
import { type Gauges, readGauges } from "./read-gauges.ts";
import { readWatch, type Watch } from "./read-watch.ts";

/**
 * What Prometheus reads: this process's counts and the instance's gauges. Only with the token of METRICS_TOKEN; without that setting, or with another
 * token, there is nothing here.
 */
export async function reportMetrics(request: Request, source: () => Promise<Services> = getServices): Promise<Response> {
  const services = await source();
  if (!mayRead(request, services.config.metricsToken)) return new Response(null, { status: 404 });
  try {
    const [gauges, watch] = await Promise.all([readGauges(services.db, services.clock.now()), readWatch(services)]);
    const merged = Registry.merge([getMetrics().registry, gaugesOf(gauges), watchOf(watch)]);
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

/** What the alert rules of `ops/watch` look at. What cannot be measured has no sample, and a rule that needs it stays quiet. */
function watchOf(watch: Watch): Registry {
  const registry = new Registry();
  const registers = [registry];
  const set = (name: string, help: string, value: number | null) => {
    const gauge = new Gauge({ name, help, registers });
    if (value === null) gauge.remove();
    else gauge.set(value);
  };
  const ages = new Gauge({ name: "shoal_duty_age_seconds", help: "Since when a background duty has not ended well", labelNames: ["duty"], registers });
  const failures = new Gauge({ name: "shoal_duty_failures", help: "How often it failed since then", labelNames: ["duty"], registers });
  for (const duty of watch.duties) {
    if (duty.ageS !== null) ages.set({ duty: duty.name }, duty.ageS);
    failures.set({ duty: duty.name }, duty.failures);
  }
  set("shoal_stopped", "1 while an operator has stopped everything", Number(watch.stopped));
  set("shoal_incidents_open", "What everybody is told at the moment", watch.openIncidents);
  set("shoal_reviews_waiting", "Jobs that wait for an operator", watch.reviews.count);
  set("shoal_reviews_oldest_seconds", "How long the first of them waits", watch.reviews.oldestS);
  set("shoal_jobs_unclosed", "Jobs that ended more than seven hours ago and whose books are open", watch.unclosedJobs);
  set("shoal_chain_followed_age_seconds", "When the chain was last asked", watch.chain?.followedS ?? null);
  set("shoal_chain_frozen", "1 while nothing of the chain is booked until an operator has looked", watch.chain && Number(watch.chain.frozen));
  set("shoal_chain_behind_blocks", "Blocks that are not booked yet, with those that wait for confirmations", watch.chain?.behindBlocks ?? null);
  set("shoal_epoch_open_seconds", "Age of the newest epoch while it is not over; 0 while none waits", watch.epochS);
  set("shoal_shards_accepted", "Shards with an accepted result since the beginning, as last counted", watch.counted?.accepted ?? null);
  set("shoal_shards_failed", "Shards that failed, as last counted", watch.counted?.failed ?? null);
  set("shoal_replicas", "Replicas that were reported, as last counted", watch.counted?.replicas ?? null);
  set("shoal_replicas_wrong", "Replicas that disagreed with their shard's verdict, as last counted", watch.counted?.wrong ?? null);
  set("shoal_artifacts_free_bytes", "Free bytes where artifacts lie, if that is a folder", watch.blobFreeBytes);
  return registry;
}
