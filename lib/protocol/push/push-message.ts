import type { NoticeView } from "../notices/notice-view.ts";

/** What is pushed to a browser, as JSON. Its words are the browser's: the language is the one in which it subscribed. */
export type PushMessage = Pick<NoticeView, "kind" | "job" | "reason" | "params"> & {
  version: 1;
  /** The same for the same event, so that a copy replaces the one before. */
  tag: string;
  language: string;
};
