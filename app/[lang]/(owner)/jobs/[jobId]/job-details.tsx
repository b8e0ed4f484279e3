import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";

/** What was submitted. */
export function JobDetails({ job }: { job: JobView }) {
  const { text, format, fill } = useWords();
  const { page } = text.jobs;
  const { limits, verification, program } = job;
  return (
    <Card>
      <CardHead title={page.details} />
      {job.description ? <p className="mb-3 text-quiet text-sm [overflow-wrap:anywhere]">{job.description}</p> : null}
      <Facts>
        <Fact name={page.submitted}>
          <Moment at={job.createdAt} />
        </Fact>
        {job.endedAt ? (
          <Fact name={page.ended}>
            <Moment at={job.endedAt} />
          </Fact>
        ) : null}
        <Fact name={page.slicing}>{text.states.slicingModes[job.slicing].label}</Fact>
        <Fact name={page.checking}>{fill(page.checkingText, { quorum: verification.quorum, replicasMax: verification.replicasMax })}</Fact>
        <Fact name={page.limits}>
          {fill(page.limitsText, {
            time: format.duration(limits.timeMsMax),
            memory: format.bytes(limits.memoryBytesMax),
            output: format.bytes(limits.outputBytesMax),
          })}
        </Fact>
        <Fact name={page.id}>
          <span className="break-all font-mono text-xs">{job.id}</span>
        </Fact>
        <Fact name={page.program}>
          <span className="break-all font-mono text-xs">{program.sha256}</span>
        </Fact>
      </Facts>
      <h3 className="mt-3 mb-2 text-quiet text-sm">{page.arguments}</h3>
      {program.args.length === 0 ? <p className="text-sm">{page.argumentsNone}</p> : <CodeBlock label={page.arguments} text={program.args.join("\n")} />}
    </Card>
  );
}
