import { ArrowLeft, ArrowRight } from "lucide-react";
import type { Words } from "#lib/text/words.ts";
import { PageLink } from "#lib/ui/shell/page-link.tsx";

type Neighbour = { href: string; title: string };

/** The pages before and after this one in the order of reading. */
export function Neighbours({ docs, current, words }: { docs: readonly Neighbour[]; current: string; words: Words }) {
  const { docs: text } = words.text;
  const place = docs.findIndex(({ href }) => href === current);
  const [previous, next] = [docs[place - 1], docs[place + 1]];
  const look = "flex flex-col gap-1 rounded-card border border-line bg-surface p-4 hover:border-edge";
  return (
    <nav aria-label={text.neighbours} className="mt-14 grid gap-3 sm:grid-cols-2">
      {previous ? (
        <PageLink href={previous.href} rel="prev" className={look}>
          <span className="flex items-center gap-1.5 text-quiet text-sm">
            <ArrowLeft aria-hidden className="size-4" />
            {text.previous}
          </span>
          <span className="font-medium text-accent">{previous.title}</span>
        </PageLink>
      ) : null}
      {next ? (
        <PageLink href={next.href} rel="next" className={`${look} items-end text-right sm:col-start-2`}>
          <span className="flex items-center gap-1.5 text-quiet text-sm">
            {text.next}
            <ArrowRight aria-hidden className="size-4" />
          </span>
          <span className="font-medium text-accent">{next.title}</span>
        </PageLink>
      ) : null}
    </nav>
  );
}
