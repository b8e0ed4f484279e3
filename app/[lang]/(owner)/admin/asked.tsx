import type { ReactNode } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

type AskedProps<T> = { query: { data: T | undefined; error: Error | null; refetch: () => unknown }; children: (data: T) => ReactNode };

/** What an operator's card shows of a query: its answer, that it is on its way, or why there is none. What is known stays while it is refreshed or cannot be. */
export function Asked<T>({ query: { data, error, refetch }, children }: AskedProps<T>) {
  const { admin: words } = useWords().text;
  return (
    <div className="grid min-w-0 grid-cols-1 gap-4">
      {error ? <RefreshNote error={error} hasOlder={data !== undefined} onRetry={() => void refetch()} /> : null}
      {data === undefined ? error ? null : <Skeleton label={words.loading} /> : children(data)}
    </div>
  );
}
