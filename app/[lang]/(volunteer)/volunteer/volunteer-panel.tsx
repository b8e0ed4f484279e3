"use client";

import { lazy, Suspense, useState } from "react";
import { usePoll } from "#lib/client/light/use-poll.ts";
import { useLinkedJob } from "#lib/client/volunteer/page/use-linked-job.ts";
import { isStopped, useVolunteer, type Volunteer } from "#lib/client/volunteer/use-volunteer.ts";
import type { Served } from "#lib/domain/dispatch/serves.ts";
import type { JobId } from "#lib/domain/ids.ts";
import { WATTS_PER_CORE } from "#lib/domain/network/energy.ts";
import type { LegalView } from "#lib/protocol/legal/legal.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Play, Square } from "#lib/ui/icons/light-icons.tsx";
import { Agreement, shownVersions } from "./agreement.tsx";
import { EngineView } from "./engine-view.tsx";
import { Lending } from "./lending.tsx";
import { Serving } from "./serving.tsx";
import { WaitingJobs } from "./waiting-jobs.tsx";

/** A text that changes while the card is read shows soon. */
const LEGAL_ASKED_MS = 60_000;

/** Most visitors follow no link to a job. */
const LinkedJob = lazy(async () => ({ default: (await import("./linked-job.tsx")).LinkedJob }));

/** The card a volunteer reads before the first shard, what it lends, the two buttons, and what this tab does. */
export function VolunteerPanel() {
  const {
    text: { volunteer: text },
    format,
    fill,
  } = useWords();
  const volunteer = useVolunteer();
  const { settings } = volunteer;
  const available = Math.max(1, volunteer.coresAvailable ?? 1);
  const cores = Math.min(settings.cores ?? Math.max(1, Math.floor(available / 2)), available);
  const share = settings.cpuSharePercent / 100;
  const { from, to } = WATTS_PER_CORE;
  const watts = { low: format.measure(cores * share * from), high: format.measure(cores * share * to), from, to };
  const { linked, served, serve } = useServed(volunteer);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <Card>
        {linked ? (
          <div className="mb-6">
            <Suspense>
              <LinkedJob jobId={linked} isStarted={!isStopped(volunteer)} onServe={() => serve({ jobs: [linked], topics: [] })} onDecline={() => serve(null)} />
            </Suspense>
          </div>
        ) : null}
        <dl className="space-y-4">
          <Assurance title={text.card.what} text={text.card.whatText} />
          <Assurance title={text.card.who} text={text.card.whoText} />
          {isStopped(volunteer) ? <WaitingJobs served={served} /> : null}
          <Assurance
            title={text.card.howMuch}
            text={fill(text.card.howMuchText, { cores: format.count(cores, text.coresWords), share: format.share(share) })}
          />
          <Assurance title={text.card.energy} text={fill(text.card.energyText, watts)} />
          <Assurance title={text.card.until} text={text.card.untilText} />
        </dl>
        <div className="mt-6 space-y-6 border-line border-t pt-6">
          <Lending volunteer={volunteer} cores={cores} available={available} />
          <Serving served={served} onServe={serve} />
          <StartOrStop volunteer={volunteer} cores={cores} served={served} />
        </div>
      </Card>
      <Card>
        <CardHead title={text.state} />
        <EngineView volunteer={volunteer} />
      </Card>
    </div>
  );
}

type Serves = { linked: JobId | null; served: Served | null; serve: (served: Served | null) => void };

/** What this device would compute for if Start were pressed now: what the page's link asks for until somebody chooses, else what was chosen last. */
function useServed(volunteer: Volunteer): Serves {
  const { settings, configure } = volunteer;
  const asked = useLinkedJob();
  const [isAnswered, setAnswered] = useState(false);
  const linked = isAnswered || (asked && settings.serves?.jobs.includes(asked)) ? null : asked;
  const serve = (serves: Served | null) => {
    setAnswered(true);
    configure({ serves });
  };
  const isProposed = linked !== null && isStopped(volunteer);
  return { linked, served: isProposed ? { jobs: [linked], topics: [] } : settings.serves, serve };
}

function Assurance({ title, text: body }: { title: string; text: string }) {
  return (
    <div>
      <dt className="font-medium text-sm">{title}</dt>
      <dd className="mt-0.5 text-quiet text-sm">{body}</dd>
    </div>
  );
}

function StartOrStop({ volunteer, cores, served }: { volunteer: Volunteer; cores: number; served: Served | null }) {
  const text = useWords().text.volunteer;
  const { phase } = volunteer.engine;
  const { data: legal } = usePoll<LegalView>("/api/v1/legal", LEGAL_ASKED_MS);
  const mayStart = isStopped(volunteer);
  const start = () => {
    volunteer.configure({ serves: served });
    volunteer.start(cores, shownVersions(legal));
  };
  return (
    <div>
      {mayStart ? (
        <Button kind="primary" size="large" className="w-full" onClick={start}>
          <Play aria-hidden />
          {text.start}
        </Button>
      ) : (
        // Not disabled while it stops: a disabled button would lose the keyboard's focus.
        <Button size="large" className="w-full" aria-disabled={phase === "stopping"} onClick={volunteer.stop}>
          <Square aria-hidden />
          {phase === "stopping" ? text.stopping : text.stop}
        </Button>
      )}
      {mayStart && legal ? <Agreement legal={legal} /> : null}
    </div>
  );
}
