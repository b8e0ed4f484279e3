import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Table } from "#lib/ui/display/table.tsx";
import { PAGE_COMMANDS } from "#lib/ui/shell/page-commands.ts";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { LetterSwitch } from "./letter-switch.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { title, lead } = (await readWords()).text.site.shortcuts;
  return { title, description: lead };
}

type Row = { keys: ReactNode; does: string };

export default async function ShortcutsPage() {
  const { site } = (await readWords()).text;
  const { shortcuts: text, palette } = site;
  const always: Row[] = [
    { keys: <Keys keys={["Ctrl", "K"]} also={["⌘", "K"]} />, does: text.palette },
    { keys: <Keys keys={["Tab"]} />, does: text.tab },
    { keys: <Keys keys={["Tab", "Enter"]} joint={text.andThen} />, does: text.skip },
    { keys: <Keys keys={["Esc"]} />, does: text.escape },
  ];
  const pages = PAGE_COMMANDS.flatMap(({ page, keys }) => (keys ? [{ keys: <Keys keys={keys} joint={text.andThen} />, does: palette.pages[page] }] : []));
  const lists: Row[] = [
    { keys: <Keys keys={["↑"]} also={["↓"]} />, does: text.rows },
    { keys: <Keys keys={["Home"]} also={["End"]} />, does: text.ends },
    { keys: <Keys keys={["←"]} also={["→"]} />, does: text.marks },
  ];
  const heads = [text.key, text.does] as const;
  return (
    <>
      <PageHead title={text.title} lead={text.lead} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Group title={text.always} heads={heads} rows={always} />
        <Group title={text.letters} heads={heads} rows={[{ keys: <Keys keys={["/"]} />, does: text.search }, ...pages]} lead={text.lettersLead}>
          <LetterSwitch label={text.lettersOn} />
        </Group>
        <Group title={text.lists} heads={heads} rows={lists} />
      </div>
    </>
  );
}

type GroupProps = { title: string; lead?: string; heads: readonly [string, string]; rows: readonly Row[]; children?: ReactNode };

function Group({ title, lead, heads, rows, children }: GroupProps) {
  return (
    <Card>
      <CardHead title={title} />
      {lead ? <p className="mb-4 text-quiet text-sm">{lead}</p> : null}
      {children}
      <Table caption={title} columns={heads}>
        {rows.map(({ keys, does }) => (
          <tr key={does}>
            <td className="whitespace-nowrap">{keys}</td>
            <td>{does}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

/** Keys pressed together, or one after the other where `joint` stands between them; `also` are others that do the same. */
function Keys({ keys, also, joint }: { keys: readonly string[]; also?: readonly string[]; joint?: string }) {
  return (
    <>
      {keys.map((key, i) => (
        <span key={key}>
          {i === 0 ? null : <span className="px-1 text-quiet text-xs">{joint ?? "+"}</span>}
          <kbd className="rounded-control border border-edge bg-sunken px-1.5 py-0.5 font-mono text-xs">{key}</kbd>
        </span>
      ))}
      {also ? (
        <>
          <span className="px-1.5 text-quiet text-xs">/</span>
          <Keys keys={also} />
        </>
      ) : null}
    </>
  );
}
