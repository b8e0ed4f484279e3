import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQueries } from "@tanstack/react-query";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { type JobView, listShards, type ShardView } from "#lib/protocol/jobs/jobs.ts";
import { api } from "./api.ts";

const PAGE_SHARDS = 100;
const REFRESH_MS = 5_000;

export type ShardVerdict = NonNullable<ShardView["verdict"]>;
type ShardRange = { first: number; last: number };

/** The shards of one page of numbers that have a verdict, by number. */
function shardPageQuery({ id, state }: Pick<JobView, "id" | "state">, page: number) {
  return queryOptions({
    queryKey: ["shards", id, page],
    queryFn: async ({ signal }): Promise<Record<number, ShardView>> => {
      const end = (page + 1) * PAGE_SHARDS;
      const found: ShardView[] = [];
      let after: number | null = page * PAGE_SHARDS - 1;
      // An answer ends early where its shards wrote much.
      while (after !== null && after < end - 1) {
        const answer: { shards: ShardView[]; next: number | null } = await api.call(listShards, { jobId: id, after, limit: PAGE_SHARDS }, { signal });
        found.push(...answer.shards.filter((shard) => shard.no < end));
        after = answer.next;
      }
      return Object.fromEntries(found.map((shard) => [shard.no, shard]));
    },
    staleTime: isOpen(state) ? REFRESH_MS : Number.POSITIVE_INFINITY,
    // A page whose shards all have a verdict changes no more.
    refetchInterval: (query) => (isOpen(state) && Object.keys(query.state.data ?? {}).length < PAGE_SHARDS ? REFRESH_MS : false),
  });
}

/** Finds shards of a range by number: null for one without a verdict, undefined for one that is being read. Only the pages that the range touches are read. */
export function useShardsByNumber(job: JobView, { first, last }: ShardRange) {
  const firstPage = Math.floor(first / PAGE_SHARDS);
  const pageCount = last < first ? 0 : Math.floor(last / PAGE_SHARDS) - firstPage + 1;
  const pages = useQueries({ queries: Array.from({ length: pageCount }, (_, i) => shardPageQuery(job, firstPage + i)) });
  return {
    error: pages.find(({ error }) => error)?.error ?? null,
    retry: () => void Promise.all(pages.map((page) => page.refetch())),
    find: (no: number): ShardView | null | undefined => {
      const page = pages[Math.floor(no / PAGE_SHARDS) - firstPage]?.data;
      return page ? (page[no] ?? null) : undefined;
    },
  };
}

/** The shards with one verdict, in order, read page after page as far as `readMore` is called. */
export function useShardsByVerdict(jobId: JobId, verdict: ShardVerdict) {
  const query = useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ["shards", jobId, verdict],
      initialPageParam: -1,
      queryFn: ({ pageParam, signal }) => api.call(listShards, { jobId, verdict, after: pageParam, limit: PAGE_SHARDS }, { signal }),
      getNextPageParam: (page) => page.next ?? undefined,
    }),
  );
  return {
    error: query.error,
    retry: () => void query.refetch(),
    shards: query.data?.pages.flatMap((page) => page.shards),
    readMore: () => {
      if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
    },
  };
}
