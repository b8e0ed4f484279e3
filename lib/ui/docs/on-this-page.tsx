import type { DocHeading } from "#lib/domain/doc/doc-tree.ts";
import type { Words } from "#lib/text/words.ts";
import { cn } from "#lib/ui/class-names.ts";
import { Fold } from "./fold.tsx";

type HeadingsProps = { headings: readonly DocHeading[]; words: Words };

/** The headings of a page beside it, where there is room and more than one of them. */
export function OnThisPage({ headings, words }: HeadingsProps) {
  if (headings.length < 2) return null;
  const { docs: text } = words.text;
  return (
    <nav aria-label={text.onThisPage} className="sticky top-6 max-h-[calc(100dvh-3rem)] self-start overflow-y-auto text-sm max-xl:hidden">
      <p className="mb-1 px-2 font-semibold">{text.onThisPage}</p>
      <Headings headings={headings} />
    </nav>
  );
}

/** The same above the page's text, folded, where there is no room beside it. */
export function FoldedHeadings({ headings, words }: HeadingsProps) {
  if (headings.length < 2) return null;
  const { docs: text } = words.text;
  return (
    <Fold title={text.onThisPage} className="mt-6 xl:hidden">
      <nav aria-label={text.onThisPage} className="text-sm">
        <Headings headings={headings} />
      </nav>
    </Fold>
  );
}

function Headings({ headings }: { headings: readonly DocHeading[] }) {
  return (
    <ul>
      {headings.map(({ id, depth, text }) => (
        <li key={id}>
          <a
            href={`#${id}`}
            className={cn(
              "block rounded-control px-2 py-2 text-quiet [overflow-wrap:anywhere] hover:bg-sunken hover:text-ink xl:py-1",
              depth > 2 ? "pl-5" : null,
            )}
          >
            {text}
          </a>
        </li>
      ))}
    </ul>
  );
}
