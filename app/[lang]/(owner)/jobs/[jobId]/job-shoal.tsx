import { useQuery } from "@tanstack/react-query";
import { jobMapQuery } from "#lib/client/queries/jobs.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Shoal, ShoalPlace } from "#lib/ui/shoal/shoal.tsx";

/** The job's shards as a school, live; a mark that is picked shows its shard, the first of several. */
export function JobShoal({ job, onShard }: { job: JobView; onShard: (no: number) => void }) {
  const { data, error } = useQuery(jobMapQuery(job));
  if (data) return <Shoal map={data} onPick={onShard} />;
  return error ? <ErrorNote error={error} className="mt-4" /> : <ShoalPlace />;
}
