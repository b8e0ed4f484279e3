"use client";

import { useQuery } from "@tanstack/react-query";
import { instanceQuery, useResumeInstance, useStopInstance } from "#lib/client/queries/operations.ts";
import { JOB_STATES } from "#lib/domain/job/job.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { getInstance } from "#lib/protocol/instance/policy.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Asked } from "./asked.tsx";
import { ReasonButton } from "./reason-button.tsx";

type Instance = OutputOf<typeof getInstance>;

/** Whether the instance runs, its queues, and the emergency stop. */
export function StopCard() {
  const { stop: words } = useWords().text.admin;
  const query = useQuery(instanceQuery);
  const stopped = query.data?.stop;
  return (
    <Card aria-labelledby="admin-instance">
      <CardHead id="admin-instance" title={words.title}>
        {query.data ? <Badge tone={stopped ? "bad" : "good"}>{stopped ? words.stopped : words.running}</Badge> : null}
      </CardHead>
      <Asked query={query}>
        {(instance) => (
          <>
            <Emergency stop={instance.stop} />
            <Queues instance={instance} />
          </>
        )}
      </Asked>
    </Card>
  );
}

function Emergency({ stop: stopped }: Pick<Instance, "stop">) {
  const { stop: words } = useWords().text.admin;
  const stop = useStopInstance();
  const resume = useResumeInstance();
  const error = stop.error ?? resume.error;
  return (
    <div className="grid justify-items-start gap-3">
      {stopped ? (
        <>
          <p className="text-sm [overflow-wrap:anywhere]">
            {words.stopped} {words.since} <Moment at={stopped.stoppedAt} />: {stopped.reason}
          </p>
          <Button kind="primary" disabled={resume.isPending} onClick={() => resume.mutate()}>
            {words.resume}
          </Button>
        </>
      ) : (
        <ReasonButton
          size="medium"
          label={words.stop}
          title={words.stopTitle}
          lead={words.stopText}
          hint={words.reasonHint}
          disabled={stop.isPending}
          onReason={stop.mutate}
        />
      )}
      {error ? <ErrorNote error={error} className="w-full" isAlert /> : null}
    </div>
  );
}

function Queues({ instance }: { instance: Instance }) {
  const { text, format } = useWords();
  const { stop: words } = text.admin;
  const jobs = JOB_STATES.flatMap((state) => {
    const found = instance.jobsByState.find((each) => each.state === state);
    return found ? [`${text.states.jobStates[state].label} ${format.number(found.count)}`] : [];
  });
  return (
    <Facts>
      <Fact name={words.atWork}>{format.number(instance.devicesAtWork)}</Fact>
      <Fact name={words.openGrants}>{format.number(instance.openGrants)}</Fact>
      <Fact name={words.wanted}>
        {format.number(instance.wanted)}
        {instance.wanted > 0 ? ` · ${format.duration(instance.wantedOldestS * 1000)}` : ""}
      </Fact>
      <Fact name={words.untallied}>{format.number(instance.untallied)}</Fact>
      <Fact name={words.jobs}>{jobs.length > 0 ? jobs.join(" · ") : words.noJobs}</Fact>
      <Fact name={words.review}>{words.reviews[instance.programReview]}</Fact>
    </Facts>
  );
}
