"use client";

import { Play, Square } from "lucide-react";
import { usePoll } from "#lib/client/light/use-poll.ts";
import { isStopped, useVolunteer, type Volunteer } from "#lib/client/volunteer/use-volunteer.ts";
import { WATTS_PER_CORE } from "#lib/domain/network/energy.ts";
import type { LegalView } from "#lib/protocol/legal/legal.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Agreement, shownVersions } from "./agreement.tsx";
import { EngineView } from "./engine-view.tsx";
import { Lending } from "./lending.tsx";
import { WaitingJobs } from "./waiting-jobs.tsx";

/** A text that changes while the card is read shows soon. */
const LEGAL_ASKED_MS = 60_000;

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
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <Card>
        <dl className="space-y-4">
          <Assurance title={text.card.what} text={text.card.whatText} />
          <Assurance title={text.card.who} text={text.card.whoText} />
          {isStopped(volunteer) ? <WaitingJobs /> : null}
          <Assurance
            title={text.card.howMuch}
            text={fill(text.card.howMuchText, { cores: format.count(cores, text.coresWords), share: format.share(share) })}
          />
          <Assurance title={text.card.energy} text={fill(text.card.energyText, watts)} />
          <Assurance title={text.card.until} text={text.card.untilText} />
        </dl>
        <div className="mt-6 space-y-6 border-line border-t pt-6">
          <Lending volunteer={volunteer} cores={cores} available={available} />
          <StartOrStop volunteer={volunteer} cores={cores} />
        </div>
      </Card>
      <Card>
        <CardHead title={text.state} />
        <EngineView volunteer={volunteer} />
      </Card>
    </div>
  );
}

function Assurance({ title, text: body }: { title: string; text: string }) {
  return (
    <div>
      <dt className="font-medium text-sm">{title}</dt>
      <dd className="mt-0.5 text-quiet text-sm">{body}</dd>
    </div>
  );
}

function StartOrStop({ volunteer, cores }: { volunteer: Volunteer; cores: number }) {
  const text = useWords().text.volunteer;
  const { phase } = volunteer.engine;
  const { data: legal } = usePoll<LegalView>("/api/v1/legal", LEGAL_ASKED_MS);
  const mayStart = isStopped(volunteer);
  return (
    <div>
      {mayStart ? (
        <Button kind="primary" size="large" className="w-full" onClick={() => volunteer.start(cores, shownVersions(legal))}>
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
