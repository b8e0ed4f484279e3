import "server-only";
import type { NoticeView } from "#lib/protocol/notices/notice-view.ts";
import { toReasonView } from "../jobs/get-job.ts";
import type { Notice } from "./notice-store.ts";

/** A notice as its account reads it. */
export function viewNotice({ jobId, jobName, reason, at, readAt, ...notice }: Notice): NoticeView {
  return { ...notice, job: { id: jobId, name: jobName }, reason: toReasonView(reason), at: at.toISOString(), readAt: readAt?.toISOString() ?? null };
}
