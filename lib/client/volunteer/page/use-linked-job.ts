"use client";
import { useSyncExternalStore } from "react";
import { isId, type JobId } from "#lib/domain/ids.ts";

/** The address of a page does not change while it is shown: a link that leads elsewhere makes another page. */
const subscribe = () => () => undefined;

/** The job that the page's address asks to compute for (`?job=job_…`); null without one, or where it is none. */
export function useLinkedJob(): JobId | null {
  const asked = useSyncExternalStore(
    subscribe,
    () => new URLSearchParams(location.search).get("job"),
    () => null,
  );
  return asked !== null && isId("job", asked) ? asked : null;
}
