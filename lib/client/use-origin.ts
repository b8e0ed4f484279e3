import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** Where the page was opened, such as https://example.org; null while it is rendered on the server, which may be reached by other names. */
export function useOrigin(): string | null {
  return useSyncExternalStore(
    never,
    () => location.origin,
    () => null,
  );
}
