import type { Words } from "#lib/text/words.ts";
import type { DocSearch } from "../docs/load-doc-search.ts";
import type { Finding } from "../docs/search-index.ts";

/**
 * Makes the search of the docs find (`lib/ui/docs/doc-search.tsx`). Its index and the code that reads it are fetched when the field is first used, and again
 * where that failed. Arrows go through the findings, Enter opens the first, Escape returns to the field.
 */
export function bindDocSearch(words: Words): void {
  const area = document.querySelector("[data-doc-search]");
  if (area) bind(findParts(area), words);
}

type Parts = ReturnType<typeof findParts>;

/** The elements of the search; what the page was built from holds them all. */
function findParts(area: Element) {
  const find = <E extends Element>(selector: string): E => {
    const found = area.querySelector<E>(selector);
    if (!found) throw new Error(`The docs' search has no ${selector}.`);
    return found;
  };
  return {
    form: find<HTMLFormElement>("form"),
    field: find<HTMLInputElement>("input"),
    status: find<HTMLElement>("[role=status]"),
    said: find<HTMLElement>("[data-said]"),
    list: find<HTMLElement>("ul"),
    template: find<HTMLTemplateElement>("template"),
  };
}

function bind(parts: Parts, words: Words): void {
  const { form, field } = parts;
  let search: DocSearch | "loading" | "failed" | null = null;
  let first: Finding | undefined;
  const show = (isOpen: boolean): void => {
    const query = field.value.trim();
    const isShown = isOpen && query !== "";
    const findings = isShown && typeof search === "function" ? search(query) : null;
    first = findings?.[0];
    form.toggleAttribute("data-open", isShown);
    const said = isShown ? say(words, { query, findings, hasFailed: search === "failed" }) : "";
    for (const place of [parts.status, parts.said]) place.textContent = said;
    parts.list.replaceChildren(...(findings ?? []).map((finding) => draw(parts.template, finding)));
  };
  const load = async (): Promise<void> => {
    if (search === "loading" || typeof search === "function") return;
    search = "loading";
    try {
      const { loadDocSearch } = await import("../docs/load-doc-search.ts");
      search = await loadDocSearch();
    } catch {
      search = "failed";
    }
    if (form.contains(document.activeElement)) show(true);
  };
  const open = (): void => {
    void load();
    show(true);
  };
  const close = (): void => {
    field.value = "";
    show(false);
  };
  field.addEventListener("focus", open);
  field.addEventListener("input", open);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!first) return;
    const { href } = first;
    close();
    location.assign(href);
  });
  parts.list.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a") && !event.metaKey && !event.ctrlKey) close();
  });
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && form.contains(relatedTarget))) show(false);
  });
  form.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key !== "Escape" && step === undefined) return;
    event.preventDefault();
    const stops: HTMLElement[] = [field, ...parts.list.querySelectorAll("a")];
    const here = stops.indexOf(document.activeElement as HTMLElement);
    stops[step === undefined ? 0 : (here + step + stops.length) % stops.length]?.focus();
    if (step === undefined) show(false);
  });
}

function say({ text, fill }: Words, { query, findings, hasFailed }: { query: string; findings: readonly Finding[] | null; hasFailed: boolean }): string {
  const { failed, loading, none, found } = text.docs.search;
  if (hasFailed) return failed;
  if (!findings) return loading;
  return findings.length === 0 ? fill(none, { query }) : fill(found, { count: findings.length });
}

function draw(template: HTMLTemplateElement, { href, page, heading, excerpt }: Finding): DocumentFragment {
  const drawing = template.content.cloneNode(true) as DocumentFragment;
  drawing.querySelector("a")?.setAttribute("href", href);
  const write = (part: string, text: string): void => {
    const place = drawing.querySelector(`[data-${part}]`);
    if (place) place.textContent = text;
  };
  write("heading", heading);
  write("page", heading === page ? "" : ` · ${page}`);
  write("excerpt", excerpt);
  return drawing;
}
