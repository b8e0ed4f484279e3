import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { jobQuery } from "#lib/client/queries/jobs.ts";
import { createQueryClient } from "#lib/client/queries/query-client.ts";
import { isId } from "#lib/domain/ids.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { getJob } from "#lib/server/jobs/get-job.ts";
import { readWords } from "../../../../read-words.ts";
import { readOwner } from "../../read-owner.ts";
import { SignInDoor } from "../../sign-in-door.tsx";
import { JobPage } from "./job-page.tsx";

type Props = { params: Promise<{ jobId: string }> };

/** The job of the page, null for somebody who has not signed in; one that is not theirs does not exist. */
const readJob = cache(async (jobId: string): Promise<JobView | null> => {
  const { ctx, account } = await readOwner();
  if (!account) return null;
  if (!isId("job", jobId)) notFound();
  try {
    return await getJob(ctx, { jobId });
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { text } = await readWords();
  const job = await readJob((await params).jobId);
  return { title: job?.name ?? text.account.signIn.title };
}

export default async function JobRoute({ params }: Props) {
  const job = await readJob((await params).jobId);
  if (!job) return <SignInDoor owner={await readOwner()} />;
  const client = createQueryClient();
  client.setQueryData(jobQuery(job.id).queryKey, job);
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <JobPage jobId={job.id} />
    </HydrationBoundary>
  );
}
