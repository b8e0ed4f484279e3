import { useQuery } from "@tanstack/react-query";
import { jobMapQuery } from "#lib/client/queries/jobs.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Shoal, ShoalPlace } from "#lib/ui/shoal/shoal.tsx";

/** The job's shards as a school, live. */
export function JobShoal({ job }: { job: JobView }) {
  const { sayError } = useWords();
  const { data, error } = useQuery(jobMapQuery(job));
  if (data) return <Shoal map={data} />;
  return error ? (
    <Note tone="bad" className="mt-4">
      {sayError(error)}
    </Note>
  ) : (
    <ShoalPlace />
  );
}
