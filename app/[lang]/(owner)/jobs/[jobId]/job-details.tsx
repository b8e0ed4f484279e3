import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { en } from "#lib/text/en.ts";
import { fill } from "#lib/text/fill.ts";
import { formatBytes } from "#lib/text/format/format-bytes.ts";
import { formatDuration } from "#lib/text/format/format-time.ts";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";

const text = en.jobs.page;

/** What was submitted. */
export function JobDetails({ job }: { job: JobView }) {
  const { limits, verification, program } = job;
  return (
    <Card>
      <CardHead title={text.details} />
      {job.description ? <p className="mb-3 text-quiet text-sm [overflow-wrap:anywhere]">{job.description}</p> : null}
      <Facts>
        <Fact name={text.submitted}>
          <Moment at={job.createdAt} />
        </Fact>
        {job.endedAt ? (
          <Fact name={text.ended}>
            <Moment at={job.endedAt} />
          </Fact>
        ) : null}
        <Fact name={text.slicing}>{en.states.slicingModes[job.slicing].label}</Fact>
        <Fact name={text.checking}>{fill(text.checkingText, { quorum: verification.quorum, replicasMax: verification.replicasMax })}</Fact>
        <Fact name={text.limits}>
          {fill(text.limitsText, {
            time: formatDuration(limits.timeMsMax),
            memory: formatBytes(limits.memoryBytesMax),
            output: formatBytes(limits.outputBytesMax),
          })}
        </Fact>
        <Fact name={text.id}>
          <span className="break-all font-mono text-xs">{job.id}</span>
        </Fact>
        <Fact name={text.program}>
          <span className="break-all font-mono text-xs">{program.sha256}</span>
        </Fact>
      </Facts>
      <h3 className="mt-3 mb-2 text-quiet text-sm">{text.arguments}</h3>
      {program.args.length === 0 ? <p className="text-sm">{text.argumentsNone}</p> : <CodeBlock label={text.arguments} text={program.args.join("\n")} />}
    </Card>
  );
}
