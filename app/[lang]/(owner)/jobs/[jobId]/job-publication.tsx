import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { publicationQuery, usePublish } from "#lib/client/queries/publication.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

/** Whether everybody may read this job and its result; publishing asks first and names what will be seen. */
export function JobPublication({ job }: { job: JobView }) {
  const { text, format, fill } = useWords();
  const { published } = text.studio;
  const { data, error } = useQuery(publicationQuery(job.id));
  const publish = usePublish(job.id);
  const problem = publish.error ?? (data ? null : error);
  return (
    <Card>
      <CardHead title={published.title} />
      {problem ? <ErrorNote error={problem} className="mb-3" /> : null}
      {!data && !error ? <Skeleton label={published.loading} lines={2} /> : null}
      {data && data.publishedAt === null ? (
        <>
          <p className="mb-3 text-quiet text-sm">{published.private}</p>
          <ConfirmButton
            label={published.publish}
            title={published.publishTitle}
            confirm={published.publish}
            keep={published.keepPrivate}
            size="small"
            disabled={publish.isPending}
            onConfirm={() => publish.mutate(true)}
          >
            <p>{published.publishText}</p>
          </ConfirmButton>
        </>
      ) : null}
      {data?.publishedAt ? (
        <div className="space-y-3 text-sm">
          <p className="text-quiet">{fill(published.since, { when: format.moment(new Date(data.publishedAt)) })}</p>
          <div className="flex flex-wrap items-center gap-3">
            <Link href={`/results/${job.id}`} className="rounded-control underline underline-offset-4">
              {published.open}
            </Link>
            <Button size="small" disabled={publish.isPending} onClick={() => publish.mutate(false)}>
              {published.unpublish}
            </Button>
          </div>
        </div>
      ) : null}
    </Card>
  );
}
