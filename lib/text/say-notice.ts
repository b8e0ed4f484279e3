import type { NoticeView } from "#lib/protocol/notices/notice-view.ts";
import type { Words } from "./words.ts";

/** A notice in words: what happened, and why or what to do; an empty text where there is nothing more to say. Needs `notices`, `errors` and `states`. */
export function sayNotice(words: Words, notice: Pick<NoticeView, "kind" | "job" | "reason" | "params">): { title: string; text: string } {
  const { text, fill } = words;
  const { kind, job } = notice;
  return { title: fill(text.notices.titles[kind], { job: job.name || job.id }), text: sayMore(words, notice) };
}

function sayMore({ text, fill, format, sayCode }: Words, { kind, reason, params }: Pick<NoticeView, "kind" | "reason" | "params">): string {
  const { notices } = text;
  // The error table's sentence is for whoever cancelled, who is not told.
  if (reason?.code === "job_cancelled") return notices.cancelledByOther;
  if (reason) return sayCode(reason.code, reason.params) ?? reason.message;
  if (kind === "corrected") return fill(notices.correctedText, { shards: format.count(Number(params.shards), notices.corrected) });
  if (kind === "done") return notices.doneText;
  if (kind === "leaving") return fill(notices.leavingText, { day: String(params.endAt).slice(0, 10) });
  if (kind !== "budget_low") return "";
  const { leftMicro, budgetMicro } = params;
  return leftMicro === undefined || budgetMicro === undefined ? notices.budgetSpent : fill(notices.budgetLeft, { left: leftMicro, budget: budgetMicro });
}
