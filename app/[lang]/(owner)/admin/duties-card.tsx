"use client";

import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { figuresQuery } from "#lib/client/queries/operations.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { getInstanceFigures } from "#lib/protocol/instance/operations.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Asked } from "./asked.tsx";

type Figures = OutputOf<typeof getInstanceFigures>;

/** What runs without being asked: duties, the chain, epochs. */
export function DutiesCard() {
  const { duties: words } = useWords().text.admin;
  const query = useQuery(figuresQuery);
  return (
    <Card aria-labelledby="admin-duties">
      <CardHead id="admin-duties" title={words.title} />
      <Asked query={query}>
        {({ duties, chain, epochs, furtherChains }) => (
          <>
            <Duties duties={duties} />
            <Chain title={words.chain} chain={chain} />
            {chain ? <Epochs title={words.epochs} epochs={epochs} /> : null}
            {furtherChains.map((one) => (
              <Fragment key={one.name}>
                <Chain title={`${words.chain}: ${one.name}`} chain={one.chain} />
                <Epochs title={`${words.epochs}: ${one.name}`} epochs={one.epochs} />
              </Fragment>
            ))}
          </>
        )}
      </Asked>
    </Card>
  );
}

function Duties({ duties }: Pick<Figures, "duties">) {
  const { text, format } = useWords();
  const { duties: words } = text.admin;
  if (duties.length === 0) return <p className="text-quiet text-sm">{words.none}</p>;
  return (
    <div>
      <p className="mb-2 text-quiet text-sm">{words.lead}</p>
      <ul className="divide-y divide-line text-sm">
        {duties.map(({ name, doneAt, durationMs, failures, error }) => (
          <li key={name} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2">
            <span className="flex-1 basis-32 font-mono text-xs">{name}</span>
            {failures > 0 ? <Badge tone="bad">{format.count(failures, words.failures)}</Badge> : null}
            <span className="text-quiet text-xs">
              {doneAt ? <Moment at={doneAt} /> : words.never}
              <span data-moment>{` · ${format.duration(durationMs)}`}</span>
            </span>
            {error ? <p className="w-full text-bad text-xs [overflow-wrap:anywhere]">{error}</p> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Chain({ title, chain }: Pick<Figures, "chain"> & { title: string }) {
  const { text, format, fill } = useWords();
  const { duties: words } = text.admin;
  return (
    <div>
      <h3 className="mb-1 font-medium text-sm">{title}</h3>
      {chain ? (
        <>
          {chain.frozen === null ? null : <Note tone="bad">{fill(words.frozen, { why: chain.frozen })}</Note>}
          <Facts>
            <Fact name={words.head}>{format.number(chain.head)}</Fact>
            <Fact name={words.next}>{format.number(chain.nextBlock)}</Fact>
            <Fact name={words.followed}>{chain.followedAt ? <Moment at={chain.followedAt} /> : words.never}</Fact>
          </Facts>
        </>
      ) : (
        <p className="text-quiet text-sm">{words.noChain}</p>
      )}
    </div>
  );
}

function Epochs({ title, epochs }: Pick<Figures, "epochs"> & { title: string }) {
  const { text, format } = useWords();
  const { duties: words } = text.admin;
  return (
    <div>
      <h3 className="mb-1 font-medium text-sm">{title}</h3>
      {epochs.length === 0 ? <p className="text-quiet text-sm">{words.noEpochs}</p> : null}
      <Facts>
        {epochs.map(({ no, state, netMicro, cutAt }) => (
          <Fact key={no} name={format.number(no)}>
            {`${text.network.epoch.states[state]} · ${format.money(netMicro)} · `}
            <Moment at={cutAt} />
          </Fact>
        ))}
      </Facts>
    </div>
  );
}
