import type { NetworkView } from "#lib/protocol/network/network.ts";
import type { Catalogue } from "#lib/text/catalogue.ts";
import type { Language } from "#lib/text/languages.ts";
import { createWords } from "#lib/text/words.ts";
import { poll } from "../light/poll.ts";
import { installKeys } from "../palette/install-keys.ts";
import { installSwitches } from "../palette/install-switches.ts";
import { bindCopy } from "./bind-copy.ts";
import { bindDocSearch } from "./bind-doc-search.ts";
import { showFigures } from "./show-figures.ts";
import { createFrontShoal } from "./show-shoal.ts";

/*
 * Everything that is alive on pages that are documents, in a few KiB: the switches, the keys, the figures of the instance and its school on the front page,
 * the search and the copying of code in the docs. The pages can be read without it.
 */
const FIGURES_MS = 10_000;
const SHOAL_MS = 3000;

const given = JSON.parse(document.querySelector<HTMLElement>("#document-words")?.dataset.words ?? "{}") as { language: Language; sections: Partial<Catalogue> };
const words = createWords(given.language, given.sections);

installSwitches();
installKeys(words, (href) => location.assign(href));
bindCopy();
bindDocSearch(words);
const figures = document.querySelector<HTMLElement>("[data-live=figures]");
if (figures) poll<NetworkView>("/api/v1/network", FIGURES_MS, { onAnswer: (view) => showFigures(figures, words.format, view) });
const shoal = document.querySelector<HTMLElement>("[data-live=shoal]");
const show = shoal ? createFrontShoal(shoal, words) : null;
if (show) poll("/api/v1/network/shoal", SHOAL_MS, { onAnswer: show });
