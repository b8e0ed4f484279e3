import type { Page } from "@playwright/test";
import { openPalette } from "../open-palette.ts";
import { ASSURANCES, BUSY_HISTORY, BUSY_NETWORK, BUSY_SHOAL, EMPTY_NETWORK, LAST_EPOCH, TOLD } from "./answers.ts";
import { answer, answerTrial, ask, askAnew, askInVain, compileMistake, drop, goOffline, hold, tryAndCompare, untilGivenUp } from "./arrange.ts";
import { EARNED, SPENT } from "./money-answers.ts";
import { INSTANCE_ANSWERS, STATUS } from "./operator-answers.ts";
import { LOGIN, tellReducerFailed, WAYS_IN } from "./owner-answers.ts";
import { fillPool, POOLS } from "./pool-answers.ts";
import type { Person } from "./stage.ts";

/*
 * Every page in every state that it has: empty, loading, without an answer, and full. A page is added here and nowhere else; `npm run pictures` draws what has
 * no picture yet and what looks otherwise.
 */

/** What the instance has been through when the state is looked at, in this order; `looks.spec.ts` prepares each once. */
export const SCENES = ["new", "worked", "paying"] as const;

/** Two jobs and a pool of the scene "worked", as addresses of their pages. */
export type Places = { finished: string; waiting: string; pool: string };

export type LookState = {
  /** The beginning of its pictures' file names. */
  name: string;
  /** The address of the page. */
  path: string | ((places: Places) => string);
  /** In which scene it is looked at; "new", an instance on which nothing has happened, where nothing is said. One that is "paying" has a chain. */
  scene?: (typeof SCENES)[number];
  /** Who looks; a stranger where nothing is said. */
  who?: Person;
  /** Parts whose drawing is of this run and whose size is not. */
  masks?: readonly string[];
  /** What stands at the top of the picture where the page is longer than one; its beginning where nothing is said. */
  at?: string;
  /** Parts of the page never get what they wait for; every other state is looked at when nothing is waited for any more. */
  isLoading?: true;
  /** Called before the page is opened: to hold, drop or fix answers on their way to the browser. */
  arrange?: (page: Page) => Promise<unknown>;
  /** Called once the page is open: to press what opens the state. */
  act?: (page: Page) => Promise<unknown>;
};

/** How fast devices were. */
const CHARTS = ["figure:has(svg[role=img])"];
/** How fast this machine ran a dry run, and what follows from it. */
const TIMINGS = ["section[aria-label^=Shard] > p > span:last-child", "section:has(h2:text-is('Estimate'))"];
const NETWORK = "**/api/v1/network**";
const EARNINGS = "**/api/v1/me/{earnings,devices}**";
const OPERATED = "**/api/v1/{instance,status}**";
const ACCOUNT = "**/api/v1/me/{passkeys,checking-devices}";
const BILLED = "**/api/v1/{jobs,budgets,me/statement}**";
const busy = answer({
  "**/api/v1/network": BUSY_NETWORK,
  "**/api/v1/network/history**": BUSY_HISTORY,
  "**/api/v1/network/shoal": BUSY_SHOAL,
  "**/api/v1/assurances": ASSURANCES,
  "**/api/v1/epochs**": { epochs: [LAST_EPOCH], next: null },
});

/** What a claim costs is asked of the chain, which knows nothing of these earnings. */
const earned = async (page: Page) => {
  await answer(EARNED)(page);
  await hold("**/api/v1/proofs/*")(page);
};

export const STATES: readonly LookState[] = [
  { name: "docs", path: "/docs" },
  { name: "docs-guide", path: "/docs/guide/lend-a-tab" },
  { name: "docs-reference", path: "/docs/reference/errors" },
  { name: "not-found", path: "/nowhere" },
  { name: "signed-out", path: "/jobs" },

  { name: "front-empty", path: "/" },
  { name: "front-full", path: "/", arrange: busy },
  { name: "front-full-de", path: "/", who: "german", arrange: busy },

  { name: "volunteer-empty", path: "/volunteer" },
  { name: "volunteer-loading", path: "/volunteer", arrange: hold(NETWORK), isLoading: true },
  { name: "volunteer-no-answer", path: "/volunteer", arrange: drop(NETWORK) },
  { name: "volunteer-full", path: "/volunteer", arrange: busy },
  { name: "volunteer-full-de", path: "/volunteer", who: "german", arrange: busy },

  { name: "network-empty", path: "/network", arrange: answer({ "**/api/v1/network": EMPTY_NETWORK }) },
  { name: "network-loading", path: "/network", arrange: hold(NETWORK), isLoading: true },
  { name: "network-no-answer", path: "/network", arrange: drop(NETWORK) },
  { name: "network-full", path: "/network", arrange: busy },
  { name: "network-full-de", path: "/network", who: "german", arrange: busy },

  { name: "status", path: "/status", arrange: answer({ "**/api/v1/status": STATUS, "**/api/v1/network": BUSY_NETWORK }) },
  { name: "status-no-answer", path: "/status", arrange: drop("**/api/v1/status") },
  { name: "admin", path: "/admin", who: "owner", arrange: answer({ ...INSTANCE_ANSWERS, "**/api/v1/status": STATUS }) },
  { name: "admin-loading", path: "/admin", who: "owner", arrange: hold(OPERATED), isLoading: true },
  { name: "admin-no-answer", path: "/admin", who: "owner", arrange: drop(OPERATED), act: untilGivenUp },
  { name: "admin-refused", path: "/admin", who: "passkeyOwner" },

  { name: "templates", path: "/templates" },
  { name: "templates-de", path: "/templates", who: "german" },
  { name: "template", path: "/templates/power-grid" },
  { name: "template-picture", path: "/templates/percolation" },
  { name: "editor", path: "/editor", act: (page) => page.getByRole("textbox", { name: "Source" }).getByText("countWords").first().waitFor() },
  { name: "editor-mistake", path: "/editor", who: "owner", act: compileMistake },

  { name: "shortcuts", path: "/shortcuts" },
  { name: "palette", path: "/docs", act: openPalette },
  { name: "privacy", path: "/privacy" },
  { name: "terms", path: "/terms" },
  { name: "docs-de", path: "/docs", who: "german" },
  { name: "signed-out-de", path: "/jobs", who: "german" },
  { name: "privacy-de", path: "/privacy", who: "german" },
  { name: "shortcuts-de", path: "/shortcuts", who: "german" },

  { name: "jobs-empty", path: "/jobs", who: "owner" },
  { name: "job-new", path: "/jobs/new", who: "owner" },
  { name: "keys-empty", path: "/keys", who: "owner" },
  { name: "account", path: "/account", who: "owner" },
  { name: "account-full", path: "/account", who: "owner", arrange: answer(WAYS_IN) },
  { name: "account-loading", path: "/account", who: "owner", arrange: hold(ACCOUNT), isLoading: true },
  { name: "account-no-answer", path: "/account", who: "owner", arrange: drop(ACCOUNT), act: untilGivenUp },
  { name: "account-delete", path: "/account", who: "owner", act: ask("Delete account") },
  { name: "rewards-signed-out", path: "/rewards" },
  { name: "rewards-signed-out-de", path: "/rewards", who: "german" },
  { name: "rewards-empty", path: "/rewards", who: "owner" },
  { name: "rewards-loading", path: "/rewards", who: "owner", arrange: hold(EARNINGS), isLoading: true },
  { name: "rewards-no-answer", path: "/rewards", who: "owner", arrange: drop(EARNINGS), act: untilGivenUp },
  { name: "billing-empty", path: "/billing", who: "owner" },
  { name: "device", path: "/device", who: "owner" },
  {
    name: "device-asked",
    path: "/device",
    who: "owner",
    arrange: answer({ "**/api/v1/logins/*": LOGIN }),
    act: async (page) => {
      await page.getByLabel("Code").fill("BCDFGHJK");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Allow" }).waitFor();
    },
  },
  { name: "pools-empty", path: "/pools", who: "owner" },
  { name: "pools-full", path: "/pools", who: "owner", arrange: answer({ "**/api/v1/pools": POOLS }), act: askAnew("Class 10b") },
  { name: "pools-no-answer", path: "/pools", who: "owner", arrange: drop("**/api/v1/pools"), act: askInVain },
  { name: "pools-join", path: "/pools/join" },
  { name: "pools-join-de", path: "/pools/join", who: "german" },
  { name: "job-new-de", path: "/jobs/new", who: "germanOwner" },

  { name: "notifications-empty", path: "/notifications", who: "owner" },
  {
    name: "notifications-full",
    path: "/notifications",
    who: "owner",
    arrange: answer({ "**/api/v1/me/notices/unread": { unread: 2, newest: TOLD.notices[0]?.no }, "**/api/v1/me/notices?**": TOLD }),
    // The bell asks again after a while, and then the feed does.
    act: (page) => page.getByText("“Tides of the North Sea” is done").waitFor(),
  },
  { name: "notifications-no-answer", path: "/notifications", who: "owner", arrange: drop("**/api/v1/me/notices**"), act: askInVain },
  { name: "offline", path: "/notifications", who: "owner", act: goOffline },

  { name: "jobs-full", path: "/jobs", scene: "worked", who: "owner" },
  { name: "job-finished", path: ({ finished }) => finished, scene: "worked", who: "owner", masks: CHARTS },
  { name: "jobs-full-de", path: "/jobs", scene: "worked", who: "germanOwner" },
  { name: "job-finished-de", path: ({ finished }) => finished, scene: "worked", who: "germanOwner", masks: CHARTS },
  { name: "job-waiting", path: ({ waiting }) => waiting, scene: "worked", who: "owner" },
  { name: "job-no-answer", path: ({ waiting }) => waiting, scene: "worked", who: "owner", arrange: drop("**/api/v1/jobs/job_*"), act: untilGivenUp },
  {
    name: "job-reducer-failed",
    path: ({ waiting }) => waiting,
    scene: "worked",
    who: "owner",
    arrange: tellReducerFailed,
    act: (page) => page.getByText("Your reducer failed").waitFor(),
  },
  { name: "result", path: ({ finished }) => finished.replace("/jobs/", "/results/"), scene: "worked" },
  { name: "keys-full", path: "/keys", scene: "worked", who: "owner" },
  { name: "keys-no-answer", path: "/keys", scene: "worked", who: "owner", arrange: drop("**/api/v1/keys"), act: askInVain },
  { name: "keys-revoke", path: "/keys", scene: "worked", who: "owner", act: ask(/^Revoke/) },
  { name: "jobs-no-answer", path: "/jobs", scene: "worked", who: "owner", arrange: drop("**/api/v1/jobs?**"), act: askInVain },
  { name: "job-loading", path: ({ finished }) => finished, scene: "worked", who: "owner", arrange: hold("**/api/v1/jobs/job_*/**"), isLoading: true },
  { name: "job-cancel", path: ({ waiting }) => waiting, scene: "worked", who: "owner", act: ask("Cancel job") },
  { name: "job-delete-result", path: ({ finished }) => finished, scene: "worked", who: "owner", masks: CHARTS, act: ask("Delete result") },
  { name: "pool-empty", path: ({ pool }) => pool, scene: "worked", who: "owner" },
  { name: "pool-full", path: ({ pool }) => pool, scene: "worked", who: "owner", arrange: fillPool, act: askAnew("0x19e7…ff2a") },
  { name: "pool-full-de", path: ({ pool }) => pool, scene: "worked", who: "germanOwner", arrange: fillPool, act: askAnew("0x19e7…ff2a") },
  { name: "pool-no-answer", path: ({ pool }) => pool, scene: "worked", who: "owner", arrange: drop("**/api/v1/pools/**"), act: askInVain },
  // The form keeps a draft, so that it comes last.
  {
    name: "job-new-differs",
    path: "/jobs/new",
    scene: "worked",
    who: "owner",
    masks: TIMINGS,
    at: "section[aria-label='Shard 0']",
    arrange: answerTrial,
    act: tryAndCompare,
  },

  { name: "rewards-full", path: "/rewards", scene: "paying", who: "owner", arrange: earned, act: askAnew("18.4205") },
  { name: "rewards-full-de", path: "/rewards", scene: "paying", who: "germanOwner", arrange: earned, act: askAnew("18,4205") },
  { name: "rewards-no-wallet", path: "/rewards", scene: "paying", who: "passkeyOwner" },
  { name: "billing-full", path: "/billing", scene: "paying", who: "owner", arrange: answer(SPENT), act: askAnew("184.25") },
  { name: "billing-full-de", path: "/billing", scene: "paying", who: "germanOwner", arrange: answer(SPENT), act: askAnew("184,25") },
  { name: "billing-loading", path: "/billing", scene: "paying", who: "owner", arrange: hold(BILLED), isLoading: true },
  { name: "billing-no-answer", path: "/billing", scene: "paying", who: "owner", arrange: drop(BILLED), act: untilGivenUp },
  { name: "billing-no-wallet", path: "/billing", scene: "paying", who: "passkeyOwner" },
];
