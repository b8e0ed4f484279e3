import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { jobsQuery, PAGE_JOBS } from "#lib/client/queries/jobs.ts";
import { createQueryClient } from "#lib/client/queries/query-client.ts";
import { listJobs } from "#lib/server/jobs/list-jobs.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { readOwner } from "../read-owner.ts";
import { SignInDoor } from "../sign-in-door.tsx";
import { JobList } from "./job-list.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.jobs.list.title };
}

export default async function JobsPage() {
  const { text } = await readWords();
  const { list } = text.jobs;
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  const client = createQueryClient();
  await client.prefetchInfiniteQuery({ ...jobsQuery({ state: null, search: "" }), queryFn: () => listJobs(owner.ctx, { limit: PAGE_JOBS }) });
  return (
    <>
      <PageHead title={list.title}>
        <Link href="/jobs/new" className={buttonLook({ kind: "primary" })}>
          <Plus aria-hidden />
          {list.new}
        </Link>
      </PageHead>
      <HydrationBoundary state={dehydrate(client)}>
        <JobList />
      </HydrationBoundary>
    </>
  );
}
