import { useEffect, useRef, useState } from "react";
import type { TemplateId } from "#lib/protocol/templates/templates.ts";
import type { DroppedFile } from "../queries/submission/dropped-files.ts";
import type { DraftPlace } from "../queries/submission/use-draft.ts";
import { fetchTemplate } from "./fetch-template.ts";

/**
 * `waiting`: whether there is a draft is not known. `asking`: there is one, and somebody has to decide. `taking`: the files are under way. `done`: they were
 * handed over, or the draft is kept.
 */
type TemplateState = "waiting" | "asking" | "taking" | "failed" | "done";

type TemplateStart = {
  /** Null where the page was opened without one. */
  template: TemplateId | null;
  place: DraftPlace;
  hasEntries: boolean;
  take: (files: DroppedFile[]) => Promise<void>;
};

/** Begins a new job with a template as soon as that replaces nothing, or after its owner said so. */
export function useTemplate({ template, place, hasEntries, take }: TemplateStart) {
  const [state, setState] = useState<TemplateState>(template ? "waiting" : "done");
  const [error, setError] = useState<unknown>(null);
  const taking = useRef(take);
  taking.current = take;
  useEffect(() => {
    if (state === "waiting" && place !== "reading") setState(hasEntries ? "asking" : "taking");
  }, [state, place, hasEntries]);
  useEffect(() => {
    if (state !== "taking" || !template) return;
    const leaving = new AbortController();
    fetchTemplate(template, leaving.signal)
      .then(async (files) => {
        if (leaving.signal.aborted) return;
        await taking.current(files);
        setState("done");
      })
      .catch((problem: unknown) => {
        if (leaving.signal.aborted) return;
        setError(problem);
        setState("failed");
      });
    return () => leaving.abort();
  }, [state, template]);
  return { state, error, replace: () => setState("taking"), keep: () => setState("done") };
}
