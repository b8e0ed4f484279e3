import { Check, Copy } from "lucide-react";
import { type DocBlock, type DocTree, inlineText } from "#lib/domain/doc/doc-tree.ts";
import type { Words } from "#lib/text/words.ts";
import { cn } from "#lib/ui/class-names.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { Table } from "#lib/ui/display/table.tsx";
import { DocInlines } from "./doc-inlines.tsx";
import { FoldedHeadings } from "./on-this-page.tsx";

const HEADINGS = { 2: "mt-12 font-semibold text-xl", 3: "mt-8 font-semibold text-lg", 4: "mt-6 font-semibold text-base" } as const;

/** How its parts are shown: in whose words, and whether code can be copied, which the script of a document does (`lib/client/document/bind-copy.ts`). */
type Manner = { words: Words; canCopy?: boolean };

/** A page of documentation. */
export function DocView({ doc, ...manner }: { doc: DocTree } & Manner) {
  return (
    <article className="leading-7">
      <h1 className="font-semibold text-2xl leading-tight tracking-tight sm:text-3xl">{doc.title}</h1>
      <FoldedHeadings headings={doc.headings} words={manner.words} />
      <Blocks blocks={doc.blocks} page={doc.title} {...manner} />
    </article>
  );
}

/** `page` is the title of the page that it is on. */
type Part<Kind extends DocBlock["kind"] = DocBlock["kind"]> = { block: Extract<DocBlock, { kind: Kind }>; page: string } & Manner;

function Blocks({ blocks, ...rest }: { blocks: readonly DocBlock[] } & Omit<Part, "block">) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a page never move
  return blocks.map((block, i) => <Block key={i} block={block} {...rest} />);
}

function Block({ block, ...rest }: Part) {
  switch (block.kind) {
    case "heading":
      return <Heading block={block} words={rest.words} />;
    case "paragraph":
      return (
        <p className="mt-4 [overflow-wrap:anywhere]">
          <DocInlines inlines={block.inlines} />
        </p>
      );
    case "code":
      return <Code block={block} {...rest} />;
    case "quote":
      return (
        <blockquote className="mt-4 border-edge border-l-2 pl-4 text-quiet">
          <Blocks blocks={block.blocks} {...rest} />
        </blockquote>
      );
    case "list":
      return <List block={block} {...rest} />;
    case "table":
      return <DocTable block={block} {...rest} />;
    case "terms":
      return <Terms block={block} />;
    case "rule":
      return <hr className="mt-8 border-line" />;
  }
}

function Heading({ block, words: { text, fill } }: Omit<Part<"heading">, "page">) {
  const depth = Math.min(Math.max(block.depth, 2), 4) as keyof typeof HEADINGS;
  const Tag = `h${depth}` as const;
  return (
    <div className={`group flex items-baseline gap-2 ${HEADINGS[depth]}`}>
      <Tag id={block.id} className="min-w-0 scroll-mt-6 [overflow-wrap:anywhere]">
        <DocInlines inlines={block.inlines} />
      </Tag>
      <a
        href={`#${block.id}`}
        aria-label={fill(text.docs.anchor, { heading: inlineText(block.inlines) })}
        className="rounded-control px-1 text-quiet opacity-0 focus-visible:opacity-100 group-hover:opacity-100 max-lg:hidden"
      >
        #
      </a>
    </div>
  );
}

function Code({ block, page, words: { text, fill }, canCopy = false }: Part<"code">) {
  return (
    <div data-code className="mt-4 flex rounded-control bg-sunken">
      <CodeBlock
        text={block.text}
        label={fill(text.docs.code, { number: block.number, page })}
        className="max-h-none min-w-0 flex-1 leading-normal [&_pre]:py-3.5 [&_pre]:text-[0.8125rem]"
      />
      {canCopy ? (
        <div className="shrink-0 p-1.5">
          <button type="button" data-copy data-said={text.docs.copied} className={cn("group", buttonLook({ size: "small" }))}>
            <Copy aria-hidden className="group-data-done:hidden" />
            <Check aria-hidden className="hidden group-data-done:block" />
            <span aria-live="polite" className="sr-only">
              {text.docs.copy}
            </span>
          </button>
        </div>
      ) : null}
    </div>
  );
}

function List({ block, ...rest }: Part<"list">) {
  const items = block.items.map((blocks, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the items of a page never move
    <li key={i} className="pl-1 marker:text-quiet [&>*]:mt-2 [&>p:first-child]:mt-0">
      <Blocks blocks={blocks} {...rest} />
    </li>
  ));
  if (block.start === null) return <ul className="mt-4 list-disc space-y-2 pl-6">{items}</ul>;
  return (
    <ol start={block.start} className="mt-4 list-decimal space-y-2 pl-6">
      {items}
    </ol>
  );
}

function DocTable({ block, page, words: { text, fill } }: Part<"table">) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a page never move
  const columns = block.columns.map((column, i) => <DocInlines key={i} inlines={column} />);
  return (
    <div className="mt-4 leading-6 [&_code]:[overflow-wrap:normal]">
      <Table caption={fill(text.docs.table, { number: block.number, page })} columns={columns}>
        {block.rows.map((cells, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a page never move
          <tr key={row}>
            {cells.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the cells of a page never move
              <td key={column} className="min-w-24 last:min-w-56">
                <DocInlines inlines={cell} />
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </div>
  );
}

function Terms({ block }: { block: Extract<DocBlock, { kind: "terms" }> }) {
  return (
    <dl className="mt-6 border-line border-t">
      {block.terms.map(({ id, word, meaning }) => (
        <div key={id} id={id} className="scroll-mt-6 gap-x-6 border-line border-b px-2 py-3 target:bg-accent-soft sm:grid sm:grid-cols-[11rem_minmax(0,1fr)]">
          <dt className="font-medium">
            <a href={`#${id}`} className="hover:underline">
              {word}
            </a>
          </dt>
          <dd className="text-quiet">
            <DocInlines inlines={meaning} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
