import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { jobsQuery, PAGE_JOBS } from "#lib/client/queries/jobs.ts";
import { createQueryClient } from "#lib/client/queries/query-client.ts";
import { listJobs } from "#lib/server/jobs/list-jobs.ts";
import { en } from "#lib/text/en.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readOwner } from "../read-owner.ts";
import { SignInDoor } from "../sign-in-door.tsx";
import { JobList } from "./job-list.tsx";

const text = en.jobs.list;
export const metadata: Metadata = { title: text.title };

export default async function JobsPage() {
  const owner = await readOwner();
  if (!owner.account) return <SignInDoor owner={owner} />;
  const client = createQueryClient();
  await client.prefetchInfiniteQuery({ ...jobsQuery, queryFn: () => listJobs(owner.ctx, { limit: PAGE_JOBS }) });
  return (
    <>
      <PageHead title={text.title}>
        <Link href="/jobs/new" className={buttonLook({ kind: "primary" })}>
          <Plus aria-hidden />
          {text.new}
        </Link>
      </PageHead>
      <HydrationBoundary state={dehydrate(client)}>
        <JobList />
      </HydrationBoundary>
    </>
  );
}
