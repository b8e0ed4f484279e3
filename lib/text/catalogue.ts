import { de } from "./de.ts";
import { en } from "./en.ts";
import type { Language } from "./languages.ts";

/** The shape of a text in every language: where English has a sentence there is a sentence, with other words. */
type Translated<T> = T extends string ? string : { readonly [K in keyof T]: Translated<T[K]> };

/** Every sentence of the interface in one language. English sets the shape: a language that lacks a sentence does not compile. */
export type Catalogue = Translated<typeof en>;

/** One part of the catalogue, as pages hand it to their components. */
export type Section = keyof Catalogue;

/** Whole catalogues are for the server, the command line and tests; a page hands its browser only the sections that it shows. */
export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, de };

/** The named sections of a catalogue, to hand to the browser. */
export function pickSections(catalogue: Catalogue, sections: readonly Section[]): Partial<Catalogue> {
  return Object.fromEntries(sections.map((section) => [section, catalogue[section]]));
}
