import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { NoticeSettings } from "#lib/domain/notice/notice.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { countUnread, getNoticeSettings, listNotices, readNotices, setNoticeSetting } from "#lib/protocol/notices/notices.ts";
import { api } from "./api.ts";

const BELL_MS = 10_000;
export const PAGE_NOTICES = 30;

/** How much the account has not read; asked again and again while a page is seen. */
export const unreadQuery = queryOptions({
  queryKey: ["notices", "unread"],
  queryFn: ({ signal }) => api.call(countUnread, {}, { signal }),
  refetchInterval: BELL_MS,
});

/** The feed, as it is once `newest` was told. */
export function noticesQuery(newest: number) {
  return infiniteQueryOptions({
    queryKey: ["notices", "list", newest],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) => api.call(listNotices, { limit: PAGE_NOTICES, before: pageParam }, { signal }),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export const noticeSettingsQuery = queryOptions({
  queryKey: ["notices", "settings"],
  queryFn: async ({ signal }): Promise<NoticeSettings> => (await api.call(getNoticeSettings, {}, { signal })).settings,
});

/** Marks notices as read; the bell and the feed follow. */
export function useReadNotices() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: InputOf<typeof readNotices>) => api.call(readNotices, input),
    onSuccess: async (unread) => {
      client.setQueryData(unreadQuery.queryKey, unread);
      await client.invalidateQueries({ queryKey: ["notices", "list"] });
    },
  });
}

/** Chooses by which ways one is told of a topic. What was chosen shows at once and goes back where it is refused. */
export function useSetNoticeSetting() {
  const client = useQueryClient();
  const { queryKey } = noticeSettingsQuery;
  return useMutation({
    mutationFn: (input: InputOf<typeof setNoticeSetting>) => api.call(setNoticeSetting, input),
    onMutate: ({ topic, ...ways }) => client.setQueryData(queryKey, (before) => (before ? { ...before, [topic]: ways } : before)),
    onSuccess: ({ settings }) => client.setQueryData(queryKey, settings),
    onError: () => client.invalidateQueries({ queryKey }),
  });
}
