import { useQuery } from "@tanstack/react-query";
import { assurancesQuery } from "#lib/client/queries/assurances.ts";
import { chainQuery } from "#lib/client/queries/money.ts";
import { lastEpochQuery } from "#lib/client/queries/network.ts";
import type { EpochView } from "#lib/protocol/payouts/payouts.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { PageLink } from "#lib/ui/shell/page-link.tsx";

/** How many wrong results the instance's rules let through at most, and the last epoch that it paid, with its root. */
export function TrustAndPayouts() {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Bounds />
      <LastEpoch />
    </div>
  );
}

function Bounds() {
  const {
    text: {
      network: { trust: text },
    },
    fill,
  } = useWords();
  const { data, error } = useQuery(assurancesQuery);
  return (
    <Card aria-labelledby="trust-bounds">
      <CardHead id="trust-bounds" title={text.title} />
      <p className="mb-2 text-quiet text-sm">{text.lead}</p>
      {error && !data ? <ErrorNote error={error} /> : null}
      {data ? (
        <Facts>
          {data.classes.map(({ assurance, errorBound }) => (
            <Fact key={assurance} name={assurance === data.default ? fill(text.usual, { name: text.classes[assurance] }) : text.classes[assurance]}>
              {fill(text.oneIn, { results: Math.round(1 / errorBound) })}
            </Fact>
          ))}
        </Facts>
      ) : error ? null : (
        <Skeleton label={text.loading} />
      )}
      <PageLink href="/docs/guide/how-results-are-verified" className="mt-4 inline-block rounded-control text-sm underline underline-offset-4">
        {text.more}
      </PageLink>
    </Card>
  );
}

function LastEpoch() {
  const {
    text: {
      network: { epoch: text },
    },
  } = useWords();
  const { data: chain } = useQuery(chainQuery);
  return (
    <Card aria-labelledby="last-epoch">
      <CardHead id="last-epoch" title={text.title} />
      <p className="mb-2 text-quiet text-sm">{text.lead}</p>
      <EpochOf />
      {chain?.furtherPools.map(({ chainId, chainName }) => (
        <div key={chainId} className="mt-4">
          <h3 className="mb-1 font-medium text-sm">{chainName}</h3>
          <EpochOf chainId={chainId} />
        </div>
      ))}
    </Card>
  );
}

/** The newest epoch of a chain; of the first where none is named. */
function EpochOf({ chainId }: { chainId?: number }) {
  const { epoch: text } = useWords().text.network;
  const { data, error } = useQuery(lastEpochQuery(chainId));
  return (
    <>
      {error && data === undefined ? <ErrorNote error={error} /> : null}
      {data ? <Epoch epoch={data} chainId={chainId} /> : null}
      {data === null ? <p className="text-sm">{text.none}</p> : null}
      {data === undefined && !error ? <Skeleton label={text.loading} /> : null}
    </>
  );
}

function Epoch({ epoch, chainId }: { epoch: EpochView; chainId: number | undefined }) {
  const {
    text: {
      network: { epoch: text },
    },
    format,
  } = useWords();
  return (
    <Facts>
      <Fact name={text.no}>{format.number(epoch.no)}</Fact>
      <Fact name={text.state}>{text.states[epoch.state]}</Fact>
      <Fact name={text.cut}>
        <Moment at={epoch.cutAt} />
      </Fact>
      <Fact name={text.paid}>{format.money(epoch.netMicro)}</Fact>
      {epoch.leafCount === null ? null : <Fact name={text.accounts}>{format.number(epoch.leafCount)}</Fact>}
      {epoch.root ? (
        <Fact name={text.root}>
          <code className="font-mono text-xs [overflow-wrap:anywhere]">{epoch.root}</code>
        </Fact>
      ) : null}
      {epoch.fileSha256 ? (
        <Fact name={text.file}>
          <a
            href={`/api/v1/epochs/${epoch.no}/file${chainId === undefined ? "" : `?chainId=${chainId}`}`}
            download
            className="rounded-control underline underline-offset-4"
          >
            {text.download}
          </a>
        </Fact>
      ) : null}
    </Facts>
  );
}
