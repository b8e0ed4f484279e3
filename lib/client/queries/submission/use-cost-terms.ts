import { useQuery } from "@tanstack/react-query";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { assurancesQuery } from "../assurances.ts";
import type { JobForm } from "./job-form.ts";
import { type CostTerms, readCostForm } from "./read-cost-form.ts";
import { useShardCount } from "./use-submission.ts";

/** What the cost of the entered job depends on, and its shards; each null until it is known, which shards are not while they are counted. */
export function useCostTerms(form: JobForm): { terms: CostTerms | null; shardCount: number | null; isCounting: boolean } {
  const words = useWords();
  const { data: offers } = useQuery(assurancesQuery);
  const terms = readCostForm(form, offers?.default ?? "instant", words);
  const counted = useShardCount(terms?.slicing ?? null, form.input);
  return { terms, shardCount: counted.data?.ok ? counted.data.shardCount : null, isCounting: counted.isFetching };
}
