import { reportMetrics } from "#lib/server/metrics/report-metrics.ts";

export const GET = (request: Request): Promise<Response> => reportMetrics(request);
export const dynamic = "force-dynamic";
