"use client";

import { useQuery } from "@tanstack/react-query";
import { figuresQuery } from "#lib/client/queries/operations.ts";
import type { WantedKind } from "#lib/domain/dispatch/lanes.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { getInstanceFigures } from "#lib/protocol/instance/operations.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts, Figure } from "#lib/ui/display/facts.tsx";
import { Asked } from "./asked.tsx";

type Figures = OutputOf<typeof getInstanceFigures>;

/** Devices, verdicts of the last hour, where results disagree, and what waits. */
export function FiguresCard() {
  const { figures: words } = useWords().text.admin;
  const query = useQuery(figuresQuery);
  return (
    <Card aria-labelledby="admin-figures">
      <CardHead id="admin-figures" title={words.title} />
      <Asked query={query}>
        {(figures) => (
          <>
            <Numbers figures={figures} />
            <Disagreements rows={figures.disagreements} />
            <Wanted rows={figures.wanted} />
          </>
        )}
      </Asked>
    </Card>
  );
}

function Numbers({ figures: { devices, lastHour } }: { figures: Figures }) {
  const { text, format } = useWords();
  const { figures: words } = text.admin;
  const hour = (value: number | undefined) =>
    value === undefined ? <span className="font-normal text-base text-quiet">{words.unknown}</span> : format.number(value);
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-5 sm:grid-cols-4">
      <Figure value={format.number(devices.computing)} name={words.computing} />
      <Figure value={format.number(devices.seen)} name={words.seen} />
      <Figure value={format.number(devices.trusted)} name={words.trusted} />
      <Figure value={format.number(devices.suspended)} name={words.suspended} />
      <Figure value={format.number(devices.revoked)} name={words.revoked} />
      <Figure value={hour(lastHour?.accepted)} name={words.accepted} />
      <Figure value={hour(lastHour?.failed)} name={words.failed} />
      <Figure value={hour(lastHour?.wrong)} name={words.wrong} />
    </dl>
  );
}

function Disagreements({ rows }: { rows: Figures["disagreements"] }) {
  const { text, fill } = useWords();
  const { figures: words } = text.admin;
  return (
    <div>
      <h3 className="mb-1 font-medium text-sm">{words.disagreements}</h3>
      {rows.length === 0 ? <p className="text-quiet text-sm">{words.noDisagreements}</p> : null}
      <Facts>
        {rows.map(({ jobId, name, wrong, replicas }) => (
          <Fact key={jobId} name={name}>
            {fill(words.ofReplicas, { wrong, all: replicas })}
          </Fact>
        ))}
      </Facts>
    </div>
  );
}

function Wanted({ rows }: { rows: Figures["wanted"] }) {
  const { text, format } = useWords();
  const { figures: words } = text.admin;
  return (
    <div>
      <h3 className="mb-1 font-medium text-sm">{words.wanted}</h3>
      {rows.length === 0 ? <p className="text-quiet text-sm">{words.noWanted}</p> : null}
      <Facts>
        {rows.map(({ kind, count, oldestS }) => (
          <Fact key={kind} name={words.wantedKinds[kind as WantedKind] ?? kind}>
            {`${format.number(count)} · ${format.duration(oldestS * 1000)}`}
          </Fact>
        ))}
      </Facts>
    </div>
  );
}
