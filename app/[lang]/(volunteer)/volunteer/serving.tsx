"use client";

import { lazy } from "react";
import type { Served } from "#lib/domain/dispatch/serves.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Folded } from "./folded.tsx";

/** Most visitors compute for everything. */
const ServingChoices = lazy(async () => ({ default: (await import("./serving-choices.tsx")).ServingChoices }));

export type ServingProps = { served: Served | null; onServe: (served: Served | null) => void };

/** For which jobs and topics this device computes, in a sentence, and the choice of them in a disclosure. */
export function Serving({ served, onServe }: ServingProps) {
  const {
    text: {
      volunteer: { serving: text },
    },
    format,
    fill,
  } = useWords();
  const jobs = format.count(served?.jobs.length ?? 0, text.jobsWords);
  const topics = format.count(served?.topics.length ?? 0, text.topicsWords);
  const isMixed = served && served.jobs.length > 0 && served.topics.length > 0;
  const only = isMixed ? fill(text.only, { topics, jobs }) : fill(text.onlyOneKind, { chosen: served?.jobs.length ? jobs : topics });
  return (
    <div>
      <p className="text-sm">{served ? only : text.everything}</p>
      <Folded show={text.choose} className="mt-2">
        <ServingChoices served={served} onServe={onServe} />
      </Folded>
    </div>
  );
}
