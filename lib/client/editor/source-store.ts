const KEY = "shoal-editor-source";

/** What was written last in this browser, or null; null too where the browser keeps nothing for this site. */
export function readSource(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Keeps the source in this browser; null forgets it. A browser that keeps nothing is no error: the text stays on the page. */
export function keepSource(source: string | null): void {
  try {
    if (source === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, source);
  } catch {
    // Nothing to tell: the page works without.
  }
}
