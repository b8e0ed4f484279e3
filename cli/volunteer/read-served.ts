import { SERVED_BOUNDS, type Served } from "#lib/domain/dispatch/serves.ts";
import { isId } from "#lib/domain/ids.ts";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { UsageError } from "../terminal.ts";

/** The jobs and topics of the options `--job` and `--topic`; null where neither was given. Refuses what no instance would accept. */
export function readServed({ job = [], topic = [] }: { job?: string[] | undefined; topic?: string[] | undefined }): Served | null {
  if (job.length + topic.length === 0) return null;
  const wrongJob = job.find((id) => !isId("job", id));
  if (wrongJob !== undefined) throw new UsageError(`--job must look like job_ and 32 hexadecimal digits, not “${wrongJob}”.`);
  const wrongTopic = topic.find((name) => name.trim() === "" || name.length > JOB_LIMITS.topicCharsMax);
  if (wrongTopic !== undefined) throw new UsageError(`--topic must have 1 to ${JOB_LIMITS.topicCharsMax} characters, not “${wrongTopic}”.`);
  if (job.length > SERVED_BOUNDS.jobsMax) throw new UsageError(`--job may be given ${SERVED_BOUNDS.jobsMax} times at most.`);
  if (topic.length > SERVED_BOUNDS.topicsMax) throw new UsageError(`--topic may be given ${SERVED_BOUNDS.topicsMax} times at most.`);
  return { jobs: job, topics: topic };
}
