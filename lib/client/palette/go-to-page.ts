import type { Go } from "./list-commands.ts";

/** The front page and the docs are documents; nothing of the app goes on behind them. */
const DOCUMENTS = /^\/(?:docs(?=[/?#]|$).*)?(?:[?#].*)?$/;
/** On the root element while this tab lends computing power. */
const COMPUTING_MARK = "data-computing";

/** Says on the page whether this tab computes now. */
export function markComputing(isComputing: boolean): void {
  document.documentElement.toggleAttribute(COMPUTING_MARK, isComputing);
}

/** Whether a page can only be loaded, and not be gone to inside the app. */
export function isDocument(href: string): boolean {
  return DOCUMENTS.test(href);
}

/** Goes to a page of ours from a page of the app, by its router where it can. A tab that computes goes on: documents open beside it. */
export function goFromApp(push: Go): Go {
  return (href) => {
    if (!isDocument(href)) push(href);
    else if (document.documentElement.hasAttribute(COMPUTING_MARK)) window.open(href, "_blank", "noopener");
    else location.assign(href);
  };
}
