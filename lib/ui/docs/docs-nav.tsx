import type { Words } from "#lib/text/words.ts";
import { cn } from "#lib/ui/class-names.ts";
import { PageLink } from "#lib/ui/shell/page-link.tsx";
import { docsByGroup, type ListedDoc } from "./docs-by-group.ts";

/** Every page of the docs by its group; says which one this is. */
export function DocsNav({ docs, current, words }: { docs: readonly ListedDoc[]; current: string; words: Words }) {
  const { docs: text } = words.text;
  return (
    <nav aria-label={text.pages} className="space-y-5">
      {docsByGroup(docs).map(({ group, docs: pages }) => (
        <div key={group}>
          <p className="mb-1 px-2 font-semibold text-sm">{text.groups[group]}</p>
          <ul>
            {pages.map(({ href, title }) => (
              <li key={href}>
                <PageLink
                  href={href}
                  aria-current={href === current ? "page" : undefined}
                  className={cn(
                    "block rounded-control px-2 py-2 text-sm hover:bg-sunken lg:py-1.5",
                    href === current ? "bg-accent-soft font-medium text-accent" : "text-quiet hover:text-ink",
                  )}
                >
                  {title}
                </PageLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
