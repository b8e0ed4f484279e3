import { Search } from "lucide-react";
import { useId } from "react";
import type { Words } from "#lib/text/words.ts";
import { Input } from "#lib/ui/controls/input.tsx";
import { PageLink } from "#lib/ui/shell/page-link.tsx";

/** The docs' search as elements; `lib/client/document/bind-doc-search.ts` makes it find. Findings come to stand below the field, each as the template draws it. */
export function DocSearch({ words }: { words: Words }) {
  const { label } = words.text.docs.search;
  const id = useId();
  return (
    <search data-doc-search>
      <form className="group relative">
        <label htmlFor={id} className="sr-only">
          {label}
        </label>
        <Search aria-hidden className="pointer-events-none absolute top-3 left-3 size-4 text-quiet" />
        <Input id={id} type="search" autoComplete="off" placeholder={label} className="pl-9" />
        {/* A region that speaks has to be there before it has something to say, so that what is seen is another one. */}
        <p role="status" className="sr-only" />
        <div className="absolute top-12 left-0 z-20 hidden w-full rounded-card border border-line bg-surface p-2 shadow-lifted group-data-open:block sm:w-[min(28rem,calc(100vw-3rem))]">
          <p data-said aria-hidden className="px-2 py-1 text-quiet text-sm [overflow-wrap:anywhere]" />
          <ul className="max-h-[60dvh] overflow-y-auto empty:hidden" />
        </div>
        <template>
          <li>
            <PageLink href="/docs" className="-outline-offset-2 block rounded-control px-2 py-2 hover:bg-sunken focus-visible:bg-sunken">
              <span data-heading className="font-medium text-sm" />
              <span data-page className="text-quiet text-sm" />
              <span data-excerpt className="line-clamp-2 text-quiet text-xs leading-5" />
            </PageLink>
          </li>
        </template>
      </form>
    </search>
  );
}
