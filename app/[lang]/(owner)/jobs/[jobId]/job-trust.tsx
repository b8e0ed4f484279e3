import { useQuery } from "@tanstack/react-query";
import { trustQuery } from "#lib/client/queries/job-insight.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import type { JobTrust as Trust } from "#lib/protocol/jobs/trust.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

const CHANGED_SHOWN = 10;

/** How far the results can be trusted: what is final, what was checked, what is promised, and which results were corrected. */
export function JobTrust({ job }: { job: JobView }) {
  const { text } = useWords();
  const words = text.studio.trust;
  const { data, error } = useQuery(trustQuery(job));
  return (
    <Card>
      <CardHead title={words.title}>
        <Badge tone="accent">{text.studio.assurance.classes[job.verification.assurance].label}</Badge>
      </CardHead>
      {error && !data ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Skeleton label={words.loading} lines={5} /> : null}
      {data ? <TrustFacts trust={data} /> : null}
      {data && data.changed.length > 0 ? <Changed trust={data} /> : null}
    </Card>
  );
}

function TrustFacts({ trust: { shards, executions, checks, verifier, ownChecks, disagreements, bound, finalBy, downloadedAt } }: { trust: Trust }) {
  const { text, format, fill } = useWords();
  const words = text.studio.trust;
  const atMost = (share: number) => fill(words.atMost, { count: Math.floor(1 / Math.max(share, 1e-12)) });
  return (
    <Facts>
      <Fact name={words.final}>{format.number(shards.final)}</Fact>
      {shards.provisional > 0 ? <Fact name={words.provisional}>{format.number(shards.provisional)}</Fact> : null}
      {shards.revoked > 0 ? <Fact name={words.revoked}>{format.number(shards.revoked)}</Fact> : null}
      <Fact name={words.executions}>
        {executions.actual === null
          ? format.measure(executions.expected)
          : fill(words.executionsText, { actual: format.measure(executions.actual), expected: format.measure(executions.expected) })}
      </Fact>
      {checks.drawn > 0 ? (
        <Fact name={words.checks}>{fill(words.checksText, { done: checks.done, drawn: checks.drawn, trusted: checks.confirmedByTrusted })}</Fact>
      ) : null}
      {verifier ? <Fact name={words.verifier}>{fill(words.verifierText, verifier)}</Fact> : null}
      {ownChecks ? <Fact name={words.ownChecks}>{fill(words.ownChecksText, ownChecks)}</Fact> : null}
      <Fact name={words.disagreements}>{format.number(disagreements)}</Fact>
      {verifier ? null : <Fact name={words.promised}>{atMost(bound.promised)}</Fact>}
      {bound.reached !== null ? <Fact name={words.reached}>{atMost(bound.reached)}</Fact> : null}
      {finalBy ? (
        <Fact name={words.finalBy}>
          <Moment at={finalBy} />
        </Fact>
      ) : null}
      {downloadedAt ? (
        <Fact name={words.downloadedAt}>
          <Moment at={downloadedAt} />
        </Fact>
      ) : null}
    </Facts>
  );
}

function Changed({ trust: { changed } }: { trust: Trust }) {
  const { text, format, fill } = useWords();
  const words = text.studio.trust;
  return (
    <Note tone="warn" title={words.changed} className="mt-4">
      <ul className="mt-1 space-y-1">
        {changed.slice(0, CHANGED_SHOWN).map(({ no, revokedAt, wasDownloaded }) => (
          <li key={`${no} ${revokedAt}`}>
            {fill(words.changedText, { no, when: format.moment(new Date(revokedAt)) })} {wasDownloaded ? words.changedDownloaded : null}
          </li>
        ))}
      </ul>
    </Note>
  );
}
