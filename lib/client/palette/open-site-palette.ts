import type { Words } from "#lib/text/words.ts";
import { loadDocSearch } from "../docs/load-doc-search.ts";
import { type Go, listCommands } from "./list-commands.ts";
import type { Command } from "./match-commands.ts";
import { openPalette } from "./palette.ts";

/** Opens the palette with the pages and settings of the site, and the docs once something is typed. */
export function openSitePalette(words: Words, go: Go): void {
  const { doc } = words.text.site.palette;
  const search = async (query: string): Promise<Command[]> => {
    const find = await loadDocSearch();
    return find(query).map(({ href, page, heading }) => ({
      id: href,
      label: heading === page ? heading : `${heading} · ${page}`,
      kind: doc,
      run: () => go(href),
    }));
  };
  openPalette({ words, commands: listCommands(words, go), search });
}
