import { posix } from "node:path";
import { DOC_FOLDERS } from "#lib/domain/doc/doc-groups.ts";

/** Where a link of a page leads: somewhere a browser can go, a file of the repository that has no page, or nowhere. */
export type LinkTarget = { kind: "href"; href: string } | { kind: "file"; path: string } | { kind: "none" };

const PAGE = new RegExp(`^docs/((?:${DOC_FOLDERS.join("|")})/[\\w-]+)\\.md$`);
/** Texts that people agree to; each is a page of its own. */
const LEGAL_PAGE = /^docs\/legal\/(privacy|terms)\.md$/;
const SCHEMES = ["http:", "https:", "mailto:"];

/**
 * Resolves a link as written in the file `page`, a path from the repository's root. Links between pages become addresses of the app, and what lies in
 * `public` is served at the root. Schemes that run code or read files lead nowhere.
 */
export function resolveLink(target: string, page: string): LinkTarget {
  if (target.startsWith("#")) return { kind: "href", href: target };
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(target)?.[0].toLowerCase();
  if (scheme) return SCHEMES.includes(scheme) ? { kind: "href", href: target } : { kind: "none" };
  const [file = "", anchor] = target.split("#");
  if (file === "" || file.startsWith("/") || file.includes("\\")) return { kind: "none" };
  const path = posix.join(posix.dirname(page), file);
  if (path.startsWith("../")) return { kind: "none" };
  const name = PAGE.exec(path)?.[1];
  if (name) return { kind: "href", href: `/docs/${name}${anchor ? `#${anchor}` : ""}` };
  const legal = LEGAL_PAGE.exec(path)?.[1];
  if (legal) return { kind: "href", href: `/${legal}${anchor ? `#${anchor}` : ""}` };
  if (path.startsWith("public/")) return { kind: "href", href: path.slice("public".length) };
  return { kind: "file", path };
}
