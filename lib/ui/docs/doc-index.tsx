import type { Words } from "#lib/text/words.ts";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { PageLink } from "#lib/ui/shell/page-link.tsx";
import { DocSearch } from "./doc-search.tsx";
import { docsByGroup, type ListedDoc } from "./docs-by-group.ts";

/** The first page of the docs: the search, and every page with what it answers. */
export function DocIndex({ docs, words }: { docs: readonly ListedDoc[]; words: Words }) {
  const {
    language,
    text: { docs: text },
  } = words;
  return (
    <>
      <PageHead title={text.title} lead={language === "en" ? text.description : `${text.description} ${text.inEnglish}`} />
      <div className="max-w-md">
        <DocSearch words={words} />
      </div>
      {docsByGroup(docs).map(({ group, docs: pages }) => (
        <section key={group} aria-labelledby={group} className="mt-10">
          <h2 id={group} className="mb-4 font-semibold text-xl">
            {text.groups[group]}
          </h2>
          <ul className="grid gap-3 sm:grid-cols-2">
            {pages.map(({ href, title, description }) => (
              <li key={href} className="relative rounded-card border border-line bg-surface p-5 focus-within:border-accent hover:border-edge">
                <PageLink href={href} className="font-semibold text-accent after:absolute after:inset-0 after:rounded-card">
                  {title}
                </PageLink>
                <p className="mt-1 text-quiet text-sm">{description}</p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
