"use client";

import { usePoll } from "#lib/client/light/use-poll.ts";
import { SERVED_BOUNDS, type Served, toggleServed } from "#lib/domain/dispatch/serves.ts";
import type { NetworkView } from "#lib/protocol/network/network.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Checkbox } from "#lib/ui/controls/checkbox.tsx";
import { JobPurpose } from "#lib/ui/display/job-purpose.tsx";
import type { ServingProps } from "./serving.tsx";

const ASKED_MS = 10_000;

type Offered = NetworkView["jobs"];

/** The topics and jobs to choose from: those that run now, and those that were chosen before. */
export function ServingChoices({ served, onServe }: ServingProps) {
  const {
    text: {
      volunteer: { serving: text, card },
      site,
    },
  } = useWords();
  const { data, isSilent } = usePoll<NetworkView>("/api/v1/network", ASKED_MS);
  if (!data && !served) return <p className="text-quiet text-sm">{isSilent ? card.waitingUnknown : site.loading}</p>;
  const jobs = data?.jobs ?? [];
  return (
    <div className="space-y-5">
      <p className="text-quiet text-sm">{text.hint}</p>
      {jobs.length === 0 && !served ? <p className="text-sm">{text.nothing}</p> : null}
      <Topics jobs={jobs} served={served} onServe={onServe} />
      <Jobs jobs={jobs} served={served} onServe={onServe} />
      {served ? (
        <Button size="small" onClick={() => onServe(null)}>
          {text.all}
        </Button>
      ) : null}
    </div>
  );
}

type ListProps = ServingProps & { jobs: Offered };

function Topics({ jobs, served, onServe }: ListProps) {
  const text = useWords().text.volunteer.serving;
  const chosen = served?.topics ?? [];
  const topics = [...new Set([...chosen, ...jobs.map((job) => job.topic).filter((topic) => topic.trim() !== "")])].sort();
  if (topics.length === 0) return null;
  return (
    <fieldset className="space-y-2">
      <legend className="mb-2 font-medium text-sm">{text.topics}</legend>
      {topics.map((topic) => (
        <Choice key={topic} name={topic} kind="topics" served={served} onServe={onServe} label={<bdi>{topic}</bdi>} />
      ))}
    </fieldset>
  );
}

function Jobs({ jobs, served, onServe }: ListProps) {
  const text = useWords().text.volunteer.serving;
  const gone = (served?.jobs ?? []).filter((id) => !jobs.some((job) => job.id === id));
  if (jobs.length + gone.length === 0) return null;
  return (
    <fieldset className="space-y-3">
      <legend className="mb-2 font-medium text-sm">{text.jobs}</legend>
      {jobs.map((job) => (
        <Choice key={job.id} name={job.id} kind="jobs" served={served} onServe={onServe} label={<JobPurpose {...job} />} />
      ))}
      {gone.map((id) => (
        <Choice key={id} name={id} kind="jobs" served={served} onServe={onServe} label={<GoneJob id={id} />} />
      ))}
    </fieldset>
  );
}

function GoneJob({ id }: { id: string }) {
  const text = useWords().text.volunteer.serving;
  return (
    <>
      {text.notListed}
      <br />
      <code className="text-quiet text-xs [overflow-wrap:anywhere]">{id}</code>
    </>
  );
}

type ChoiceProps = ServingProps & { name: string; kind: keyof Served; label: React.ReactNode };

function Choice({ name, kind, label, served, onServe }: ChoiceProps) {
  const chosen: readonly string[] = served?.[kind] ?? [];
  const isFull = chosen.length >= SERVED_BOUNDS[kind === "jobs" ? "jobsMax" : "topicsMax"];
  const isChosen = chosen.includes(name);
  return <Checkbox label={label} checked={isChosen} disabled={isFull && !isChosen} onChange={() => onServe(toggleServed(served, kind, name))} />;
}
