import { reportHealth } from "#lib/server/http/report-health.ts";

export const GET = reportHealth;
export const dynamic = "force-dynamic";
