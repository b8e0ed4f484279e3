import type { ReactNode } from "react";
import type { DocInline } from "#lib/domain/doc/doc-tree.ts";
import { PageLink } from "#lib/ui/shell/page-link.tsx";

const LINK = "text-accent underline decoration-1 underline-offset-4 hover:decoration-2";
/** An address of a page of the app; a file that is served beside the pages has an ending. */
const APP_PAGE = /^\/[^.]*$/;

/** What stands inside a paragraph, a heading or a cell. */
export function DocInlines({ inlines }: { inlines: readonly DocInline[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the words of a page never move
  return inlines.map((inline, i) => <Inline key={i} inline={inline} />);
}

function Inline({ inline }: { inline: DocInline }) {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "code":
      return <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.85em] [overflow-wrap:anywhere]">{inline.text}</code>;
    case "strong":
      return (
        <strong className="font-semibold">
          <DocInlines inlines={inline.inlines} />
        </strong>
      );
    case "em":
      return (
        <em>
          <DocInlines inlines={inline.inlines} />
        </em>
      );
    case "link":
      return (
        <DocLink href={inline.href}>
          <DocInlines inlines={inline.inlines} />
        </DocLink>
      );
    case "break":
      return <br />;
  }
}

function DocLink({ href, children }: { href: string; children: ReactNode }) {
  if (APP_PAGE.test(href)) {
    return (
      <PageLink href={href} className={LINK}>
        {children}
      </PageLink>
    );
  }
  return (
    <a href={href} className={LINK}>
      {children}
    </a>
  );
}
