"use client";

import { Minus, Play, Plus, Square } from "lucide-react";
import { useState } from "react";
import { usePoll } from "#lib/client/light/use-poll.ts";
import { useVolunteer, type Volunteer } from "#lib/client/volunteer/use-volunteer.ts";
import type { LegalView } from "#lib/protocol/legal/legal.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Agreement, shownVersions } from "./agreement.tsx";
import { EngineView } from "./engine-view.tsx";
import { WaitingJobs } from "./waiting-jobs.tsx";

/** A text that changes while the card is read shows soon. */
const LEGAL_ASKED_MS = 60_000;

/** The card a volunteer reads before the first shard, the two buttons, and what this tab does. */
export function VolunteerPanel() {
  const {
    text: { volunteer: text },
    format,
    fill,
  } = useWords();
  const volunteer = useVolunteer();
  const available = Math.max(1, volunteer.coresAvailable ?? 1);
  const [chosen, setChosen] = useState<number | null>(null);
  const cores = Math.min(chosen ?? Math.max(1, Math.floor(available / 2)), available);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <Card>
        <dl className="space-y-4">
          <Assurance title={text.card.what} text={text.card.whatText} />
          <Assurance title={text.card.who} text={text.card.whoText} />
          {isStopped(volunteer) ? <WaitingJobs /> : null}
          <Assurance title={text.card.howMuch} text={fill(text.card.howMuchText, { cores: format.count(cores, text.coresWords) })} />
          <Assurance title={text.card.until} text={text.card.untilText} />
        </dl>
        <Controls volunteer={volunteer} cores={cores} available={available} onCores={setChosen} />
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

function isStopped({ engine: { phase } }: Volunteer): boolean {
  return phase === "idle" || phase === "stopped" || phase === "failed";
}

type ControlsProps = { volunteer: Volunteer; cores: number; available: number; onCores: (cores: number) => void };

function Controls({ volunteer, cores, available, onCores }: ControlsProps) {
  const {
    text: { volunteer: text, site },
    fill,
  } = useWords();
  const { phase } = volunteer.engine;
  const mayStart = isStopped(volunteer);
  const { data: legal } = usePoll<LegalView>("/api/v1/legal", LEGAL_ASKED_MS);
  return (
    <div className="mt-6 border-line border-t pt-6">
      <div className="mb-6 flex items-center justify-between gap-4">
        <div>
          <p id="cores" className="font-medium text-sm">
            {text.cores}
          </p>
          <p className="text-quiet text-sm">{volunteer.coresAvailable === null ? site.loading : fill(text.coresHint, { all: available })}</p>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out beside its heading */}
        <div role="group" aria-labelledby="cores" className="flex items-center gap-2">
          <Button size="iconLarge" aria-label={text.coresLess} disabled={!mayStart || cores <= 1} onClick={() => onCores(cores - 1)}>
            <Minus aria-hidden />
          </Button>
          <output aria-live="polite" className="w-10 text-center font-semibold text-xl">
            {cores}
          </output>
          <Button size="iconLarge" aria-label={text.coresMore} disabled={!mayStart || cores >= available} onClick={() => onCores(cores + 1)}>
            <Plus aria-hidden />
          </Button>
        </div>
      </div>
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
