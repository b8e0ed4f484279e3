import type { IncidentKind } from "#lib/domain/operations/incident.ts";
import type { StatusView } from "#lib/protocol/instance/operations.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Badge, type Tone } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";

const TONES: Record<IncidentKind, Tone> = { notice: "accent", degraded: "warn", down: "bad" };

/** What operators tell, as plain text: what goes on, and what is past. */
export function IncidentList({ incidents }: Pick<StatusView, "incidents">) {
  const { incidents: text } = useWords().text.status;
  return (
    <Card aria-labelledby="incidents">
      <CardHead id="incidents" title={text.title} />
      {incidents.length === 0 ? <p className="text-quiet text-sm">{text.none}</p> : null}
      <ul className="divide-y divide-line text-sm">
        {incidents.map(({ no, kind, text: told, startedAt, endedAt }) => (
          <li key={no} className="py-3 first:pt-0 last:pb-0">
            <div className="flex flex-wrap items-center gap-2">
              <Badge tone={endedAt ? "neutral" : TONES[kind]}>{text.kinds[kind]}</Badge>
              <span className="text-quiet text-xs">
                {text.began} <Moment at={startedAt} />
                {" · "}
                {endedAt ? (
                  <>
                    {text.ended} <Moment at={endedAt} />
                  </>
                ) : (
                  text.ongoing
                )}
              </span>
            </div>
            <p className="mt-2 [overflow-wrap:anywhere]">{told}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
