import { Download } from "lucide-react";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { isId } from "#lib/domain/ids.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { getPublicResult, type PublicJob } from "#lib/protocol/jobs/publication.ts";
import { getPublicJob } from "#lib/server/jobs/publication/get-public-job.ts";
import { getServices } from "#lib/server/services.ts";
import type { Words } from "#lib/text/words.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { GiveWords } from "../../../../give-words.tsx";
import { readWords } from "../../../../read-words.ts";
import { ReportThisJob } from "../../../../report-this-job.tsx";

type Props = { params: Promise<{ jobId: string }> };

const readPublicJob = cache(async (jobId: string): Promise<PublicJob> => {
  // What is public can be taken back at any time: the page is made anew for everybody who asks.
  await headers();
  if (!isId("job", jobId)) notFound();
  try {
    return await getPublicJob({ ...(await getServices()), principal: { kind: "anonymous" } }, { jobId });
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, description } = await readPublicJob((await params).jobId);
  return { title: name, description: description.slice(0, 200) };
}

/** What a job computed and what came out, for everybody, where its owner published it. */
export default async function PublicJobPage({ params }: Props) {
  const words = await readWords();
  const job = await readPublicJob((await params).jobId);
  const { origin } = (await getServices()).config;
  const { published } = words.text.studio;
  return (
    <GiveWords sections={["report"]}>
      <PageHead title={job.name} lead={job.description}>
        {resultShards(job) > 0 && !job.resultIsGone ? (
          <a href={getPublicResult.path.replace("{jobId}", job.id)} download className={buttonLook({ kind: "primary" })}>
            <Download aria-hidden />
            {published.download}
          </a>
        ) : null}
        <ReportThisJob jobId={job.id} name={job.name} />
      </PageHead>
      {job.reduction?.failure ? <ReducerFailure words={words} failure={job.reduction.failure} /> : null}
      {job.resultIsGone ? <p className="mb-4 max-w-prose text-quiet text-sm">{published.gone}</p> : null}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card>
          <CardHead title={published.verified} />
          <VerifiedFacts words={words} job={job} />
        </Card>
        <Card>
          <CardHead title={published.what} />
          <DigestFacts words={words} job={job} />
        </Card>
        <Card className="lg:col-span-2">
          <CardHead title={published.cite} />
          <p className="mb-3 text-quiet text-sm">{published.citeText}</p>
          <CodeBlock
            className="[&_pre]:w-auto [&_pre]:whitespace-pre-wrap [&_pre]:[overflow-wrap:anywhere]"
            label={published.cite}
            text={citationOf(words, job, `${origin}/results/${job.id}`)}
          />
        </Card>
      </div>
    </GiveWords>
  );
}

/** How many shards the result holds: of an owner's reducer none where it failed. */
function resultShards({ reduction, acceptedCount }: PublicJob): number {
  return reduction ? reduction.shards : acceptedCount;
}

type Failure = NonNullable<NonNullable<PublicJob["reduction"]>["failure"]>;

function ReducerFailure({ words: { text, fill }, failure: { fromNo, toNo, outcome, exitCode, trap } }: { words: Words; failure: Failure }) {
  const { page } = text.jobs;
  const how = exitCode !== null ? fill(page.exitCode, { code: exitCode }) : trap !== null ? fill(page.trap, { trap }) : null;
  return (
    <Note tone="warn" title={text.studio.published.reducerFailedTitle} className="mb-4">
      {fill(text.studio.published.reducerFailed, { from: fromNo, to: toNo - 1, outcome: text.states.outcomes[outcome] })}
      {how === null ? null : <span className="block font-mono text-xs">{how}</span>}
    </Note>
  );
}

function VerifiedFacts({ words: { text, format, fill }, job }: { words: Words; job: PublicJob }) {
  const { published, assurance, trust } = text.studio;
  return (
    <Facts>
      <Fact name={published.state}>{text.states.jobStates[job.state].label}</Fact>
      <Fact name={published.shards}>{fill(text.jobs.page.verified, { accepted: job.acceptedCount, all: job.shardCount })}</Fact>
      {job.failedCount > 0 ? <Fact name={published.failed}>{format.number(job.failedCount)}</Fact> : null}
      <Fact name={trust.final}>{format.number(job.finalCount)}</Fact>
      <Fact name={assurance.label}>{assurance.classes[job.assurance].label}</Fact>
      <Fact name={trust.reached}>{job.errorBound === null ? published.notYet : fill(trust.atMost, { count: Math.floor(1 / job.errorBound) })}</Fact>
      <Fact name={published.owner}>{job.owner}</Fact>
      <Fact name={published.began}>{format.moment(new Date(job.createdAt))}</Fact>
      {job.endedAt ? <Fact name={published.ended}>{format.moment(new Date(job.endedAt))}</Fact> : null}
    </Facts>
  );
}

function DigestFacts({ words: { text }, job }: { words: Words; job: PublicJob }) {
  const { published } = text.studio;
  const digest = (sha256: string) => <span className="break-all font-mono text-xs">{sha256}</span>;
  return (
    <Facts>
      <Fact name={published.program}>{digest(job.program.sha256)}</Fact>
      {job.input ? <Fact name={published.input}>{digest(job.input.sha256)}</Fact> : null}
      {job.files.map(({ name, sha256 }) => (
        <Fact key={name} name={name}>
          {digest(sha256)}
        </Fact>
      ))}
      <Fact name={text.jobs.page.slicing}>{text.states.slicingModes[job.slicing].label}</Fact>
      <Fact name={text.jobs.page.arguments}>
        <span className="break-all font-mono text-xs">{job.program.args.join(" ") || text.jobs.page.argumentsNone}</span>
      </Fact>
      <Fact name={text.submit.fields.seed.label}>{job.seed}</Fact>
    </Facts>
  );
}

/** One line that names what was computed by its digests, so that whoever has the bytes can tell that they are the same. */
function citationOf({ text, format, fill }: Words, job: PublicJob, url: string): string {
  return fill(text.studio.published.citation, {
    name: job.name,
    date: format.moment(new Date(job.endedAt ?? job.publishedAt)),
    shards: job.acceptedCount,
    assurance: job.assurance,
    program: job.program.sha256.slice(0, 16),
    input: job.input?.sha256.slice(0, 16) ?? "–",
    url,
  });
}
