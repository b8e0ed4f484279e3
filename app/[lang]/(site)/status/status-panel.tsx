"use client";

import { usePoll } from "#lib/client/light/use-poll.ts";
import type { InstanceStatus, PartState } from "#lib/domain/operations/decide-status.ts";
import type { StatusView } from "#lib/protocol/instance/operations.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Badge, type Tone } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { IncidentList } from "./incident-list.tsx";
import { StatusFigures } from "./status-figures.tsx";

const ASKED_MS = 10_000;
const STATUS_TONES: Record<InstanceStatus, Tone> = { up: "good", degraded: "warn", down: "bad", stopped: "warn" };
const PART_TONES: Record<PartState, Tone> = { ok: "good", late: "warn", failed: "bad", absent: "neutral" };

/** How the instance is. An instance that does not answer is told as such, and nothing that it said before is shown as if it still held. */
export function StatusPanel() {
  const { status: text } = useWords().text;
  const { data, isSilent } = usePoll<StatusView>("/api/v1/status", ASKED_MS);
  if (isSilent) return <Headline tone="bad" label={text.silent} meaning={text.silentMeaning} />;
  if (!data) return <Skeleton label={text.loading} lines={9} />;
  const { label, meaning } = text.statuses[data.status];
  return (
    <div className="space-y-4">
      <Headline tone={STATUS_TONES[data.status]} label={label} meaning={meaning}>
        <p className="mt-4 text-quiet text-xs">
          {text.checked} <Moment at={data.checkedAt} />
          {data.stoppedAt ? (
            <>
              {` · ${text.stopped} `}
              <Moment at={data.stoppedAt} />
            </>
          ) : null}
        </p>
      </Headline>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Parts parts={data.parts} />
        <IncidentList incidents={data.incidents} />
      </div>
      <StatusFigures />
    </div>
  );
}

function Headline({ tone, label, meaning, children }: { tone: Tone; label: string; meaning: string; children?: React.ReactNode }) {
  return (
    <Card aria-live="polite">
      <h2>
        <Badge tone={tone} className="whitespace-normal px-4 py-1 font-semibold text-base">
          {label}
        </Badge>
      </h2>
      <p className="mt-3 max-w-prose text-sm">{meaning}</p>
      {children}
    </Card>
  );
}

function Parts({ parts }: Pick<StatusView, "parts">) {
  const { status: text } = useWords().text;
  return (
    <Card aria-labelledby="parts">
      <CardHead id="parts" title={text.partsTitle} />
      <ul className="divide-y divide-line text-sm">
        {parts.map(({ part, state, since }) => (
          <li key={part} className="py-3 first:pt-0 last:pb-0">
            <div className="flex items-start justify-between gap-x-4">
              <p className="font-medium">{text.parts[part].name}</p>
              <Badge tone={PART_TONES[state]}>{text.partStates[state]}</Badge>
            </div>
            <div className="flex flex-wrap justify-between gap-x-4 text-quiet text-xs">
              <p>{text.parts[part].meaning}</p>
              {since && state !== "ok" ? (
                <p>
                  {text.lastWell} <Moment at={since} />
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
