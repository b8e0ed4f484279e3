import type { DocTree } from "#lib/domain/doc/doc-tree.ts";
import type { Words } from "#lib/text/words.ts";
import { DocIndex } from "#lib/ui/docs/doc-index.tsx";
import { DocPage } from "#lib/ui/docs/doc-page.tsx";
import type { ListedDoc } from "#lib/ui/docs/docs-by-group.ts";
import { Shown } from "./shown.tsx";

const DOCS: readonly ListedDoc[] = [
  { group: "volunteer", href: "/docs/guide/lend-a-tab", title: "A page", description: "What it answers." },
  {
    group: "owner",
    href: "/docs/guide/submit-a-job",
    title: "Another page",
    description: "What this one answers, in a sentence that is longer than a line of its card.",
  },
];

/** Every kind of block that a page of the docs has. */
const DOC: DocTree & { href: string } = {
  href: "/docs/guide/submit-a-job",
  title: "Another page",
  description: "What this one answers.",
  headings: [
    { id: "doc-words", depth: 2, text: "Words and links" },
    { id: "doc-blocks", depth: 3, text: "Blocks" },
  ],
  blocks: [
    { kind: "heading", depth: 2, id: "doc-words", inlines: [{ kind: "text", text: "Words and links" }] },
    {
      kind: "paragraph",
      inlines: [
        { kind: "text", text: "A sentence with " },
        { kind: "code", text: "code" },
        { kind: "text", text: ", with " },
        { kind: "strong", inlines: [{ kind: "text", text: "weight" }] },
        { kind: "text", text: " and with " },
        { kind: "link", href: "/docs", inlines: [{ kind: "text", text: "a link" }] },
        { kind: "text", text: "." },
      ],
    },
    { kind: "quote", blocks: [{ kind: "paragraph", inlines: [{ kind: "text", text: "What somebody said." }] }] },
    { kind: "heading", depth: 3, id: "doc-blocks", inlines: [{ kind: "text", text: "Blocks" }] },
    { kind: "code", text: "npm run demo", number: 1 },
    {
      kind: "list",
      start: 1,
      items: [[{ kind: "paragraph", inlines: [{ kind: "text", text: "First" }] }], [{ kind: "paragraph", inlines: [{ kind: "text", text: "Second" }] }]],
    },
    { kind: "rule" },
    {
      kind: "table",
      columns: [[{ kind: "text", text: "Name" }], [{ kind: "text", text: "Meaning" }]],
      rows: [[[{ kind: "code", text: "leaseTtlMs" }], [{ kind: "text", text: "how long a grant lives" }]]],
      number: 1,
    },
    { kind: "terms", terms: [{ id: "doc-shard", word: "shard", meaning: [{ kind: "text", text: "one piece of a job" }] }] },
  ],
};

/** The pages of the docs; their search and the buttons that copy work in documents alone. */
export function DocStates({ words }: { words: Words }) {
  return (
    <>
      <Shown name="DocIndex">
        <DocIndex docs={DOCS} words={words} />
      </Shown>
      <Shown name="DocPage, with all that is inside a page of the docs">
        <DocPage doc={DOC} docs={DOCS} words={words} />
      </Shown>
    </>
  );
}
