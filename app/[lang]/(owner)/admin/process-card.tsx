"use client";

import { useQuery } from "@tanstack/react-query";
import { figuresQuery } from "#lib/client/queries/operations.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Asked } from "./asked.tsx";

/** What the process that answers has refused and where it failed; with several processes each tells of itself. */
export function ProcessCard() {
  const { text, format } = useWords();
  const { process: words } = text.admin;
  const query = useQuery(figuresQuery);
  return (
    <Card aria-labelledby="admin-process">
      <CardHead id="admin-process" title={words.title} />
      <Asked query={query}>
        {({ process: { startedAt, refusals, faults } }) => (
          <>
            <p className="text-quiet text-sm">
              {words.since} <Moment at={startedAt} />
            </p>
            <div>
              <h3 className="mb-1 font-medium text-sm">{words.faults}</h3>
              {faults.length === 0 ? <p className="text-quiet text-sm">{words.noFaults}</p> : null}
              <ul className="max-h-72 divide-y divide-line overflow-y-auto text-sm">
                {faults.map(({ at, where, reference, message }) => (
                  <li key={reference} className="py-2 [overflow-wrap:anywhere]">
                    <p>{message}</p>
                    <p className="text-quiet text-xs">
                      {where} · <Moment at={at} /> · {words.reference} <span className="font-mono">{reference}</span>
                    </p>
                  </li>
                ))}
              </ul>
            </div>
            <div>
              <h3 className="mb-1 font-medium text-sm">{words.refusals}</h3>
              {refusals.length === 0 ? <p className="text-quiet text-sm">{words.noRefusals}</p> : null}
              <Facts>
                {refusals.map(({ code, count }) => (
                  <Fact
                    key={code}
                    name={
                      <a href={`/docs/reference/errors#${code}`} className="rounded-control font-mono text-xs underline underline-offset-4">
                        {code}
                      </a>
                    }
                  >
                    {format.number(count)}
                  </Fact>
                ))}
              </Facts>
            </div>
          </>
        )}
      </Asked>
    </Card>
  );
}
