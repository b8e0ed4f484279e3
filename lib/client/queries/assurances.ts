import { queryOptions } from "@tanstack/react-query";
import { listAssurances } from "#lib/protocol/jobs/trust.ts";
import { api } from "./api.ts";

/** What each assurance class costs and promises here, and which is offered first. */
export const assurancesQuery = queryOptions({
  queryKey: ["assurances"],
  queryFn: ({ signal }) => api.call(listAssurances, {}, { signal }),
  staleTime: 60_000,
});
