import type { Go } from "./list-commands.ts";

/**
 * Makes plain links to pages of ours (`lib/ui/shell/page-link.tsx`) go by the app's router, so that a tab that computes goes on computing; returns how to stop
 * that. What else a browser does with a link (another tab, a download) stays its own.
 */
export function followPageLinks(go: Go): () => void {
  const end = new AbortController();
  const onClick = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest("a[data-page-link]:not([target], [download])") : null;
    const href = link?.getAttribute("href");
    if (!href || !isPlain(event)) return;
    event.preventDefault();
    go(href);
  };
  document.addEventListener("click", onClick, { signal: end.signal });
  return () => end.abort();
}

/** A click of the main button or of the keyboard that asks for this tab and that nobody else has answered. */
function isPlain({ button, metaKey, ctrlKey, shiftKey, altKey, defaultPrevented }: MouseEvent): boolean {
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey && !defaultPrevented;
}
