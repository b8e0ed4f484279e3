import type { Words } from "#lib/text/words.ts";
import { loadDocSearch } from "../docs/load-doc-search.ts";
import type { Go } from "./list-commands.ts";
import type { Command } from "./match-commands.ts";
import { openPalette } from "./palette.ts";

type SitePalette = { words: Words; commands: readonly Command[]; go: Go };

/** Opens the palette with these commands, and the docs once something is typed. */
export function openSitePalette({ words, commands, go }: SitePalette): void {
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
  openPalette({ words, commands, search });
}
