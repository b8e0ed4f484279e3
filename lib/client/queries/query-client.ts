import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "#lib/protocol/errors.ts";

const RETRIES_MAX = 2;

/** What is settled or has to be corrected is not asked again; what may succeed later is, twice. */
function mayRetry(failures: number, error: unknown): boolean {
  if (error instanceof ApiError && error.remedy !== "later") return false;
  return failures < RETRIES_MAX;
}

/** A cache of server state: data stays on the page while it is refreshed, and a hidden tab asks for nothing. */
export function createQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: mayRetry, staleTime: 2_000, refetchOnWindowFocus: true } } });
}
