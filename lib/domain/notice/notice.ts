/**
 * What an account is told about a job.
 *
 * | kind | tells |
 * |---|---|
 * | done | every shard has its final verdict |
 * | stopped | the job failed, was cancelled by somebody else, or an operator paused it; with the reason |
 * | budget_low | what is reserved soon does not, or no longer does, cover another shard |
 * | reducer_failed | the reducer of the owner's ended badly, so that only the outputs themselves can be had; with how |
 * | corrected | verified results were taken back and are computed again |
 * | taken_down | an operator ended the job |
 * | leaving | its results are deleted soon, with when |
 */
export const NOTICE_KINDS = ["done", "stopped", "budget_low", "reducer_failed", "corrected", "taken_down", "leaving"] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What is chosen about: each kind, and besides them everything about jobs of others that one was let in to. */
export const NOTICE_TOPICS = [...NOTICE_KINDS, "shared"] as const;
export type NoticeTopic = (typeof NOTICE_TOPICS)[number];

/** Whether something is shown in the feed, and whether it is pushed to browsers that asked for it. What is not in the feed is not pushed. */
export type NoticeWays = { feed: boolean; push: boolean };
export type NoticeSettings = Readonly<Record<NoticeTopic, NoticeWays>>;

/** What holds until somebody chooses. Whoever lets an account in to a job chooses what it is called, so that is not pushed unless it is wanted. */
export const NOTICE_DEFAULTS: NoticeSettings = {
  done: { feed: true, push: true },
  stopped: { feed: true, push: true },
  budget_low: { feed: true, push: true },
  reducer_failed: { feed: true, push: true },
  corrected: { feed: true, push: true },
  taken_down: { feed: true, push: true },
  leaving: { feed: true, push: true },
  shared: { feed: true, push: false },
};

/** How much of a feed is kept: for how long, and how many of one's own jobs and of others'. What strangers cause cannot push out one's own. */
export const NOTICE_LIMITS = { keptMs: 90 * 86_400_000, ownMax: 200, sharedMax: 50 } as const;

/** The choices that were made, with the defaults for those that were not. */
export function completeSettings(chosen: Partial<NoticeSettings>): NoticeSettings {
  return { ...NOTICE_DEFAULTS, ...chosen };
}

/** By which ways an account is told: a job of others has to be wanted twice, by its kind and as a job of others. */
export function decideWays(settings: NoticeSettings, notice: { kind: NoticeKind; isOwn: boolean }): NoticeWays {
  const { kind, isOwn } = notice;
  const ways = isOwn ? [settings[kind]] : [settings[kind], settings.shared];
  const feed = ways.every((way) => way.feed);
  return { feed, push: feed && ways.every((way) => way.push) };
}
