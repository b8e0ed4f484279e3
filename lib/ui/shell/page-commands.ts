import type { Catalogue } from "#lib/text/catalogue.ts";

export type PageName = keyof Catalogue["site"]["palette"]["pages"];
export type PageCommand = { page: PageName; href: string /** The keys that lead there, one after the other. */; keys?: readonly string[] };

/** The pages that the command palette leads to, in its order; the label of each is in the catalogue under `site.palette.pages`. */
export const PAGE_COMMANDS: readonly PageCommand[] = [
  { page: "lend", href: "/volunteer", keys: ["g", "l"] },
  { page: "jobs", href: "/jobs", keys: ["g", "j"] },
  { page: "submit", href: "/jobs/new", keys: ["g", "s"] },
  { page: "pools", href: "/pools", keys: ["g", "p"] },
  { page: "notices", href: "/notifications" },
  { page: "network", href: "/network", keys: ["g", "n"] },
  { page: "status", href: "/status" },
  { page: "rewards", href: "/rewards", keys: ["g", "r"] },
  { page: "billing", href: "/billing" },
  { page: "docs", href: "/docs", keys: ["g", "d"] },
  { page: "keys", href: "/keys" },
  { page: "account", href: "/account" },
  { page: "home", href: "/", keys: ["g", "h"] },
  { page: "privacy", href: "/privacy" },
  { page: "terms", href: "/terms" },
  { page: "shortcuts", href: "/shortcuts", keys: ["?"] },
];
