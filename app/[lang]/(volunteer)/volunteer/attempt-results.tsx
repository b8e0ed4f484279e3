"use client";

import type { AttemptRow, AttemptRun } from "#lib/client/volunteer/sandbox/run-attempts.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Badge, type Tone } from "#lib/ui/display/badge.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";
import { Table } from "#lib/ui/display/table.tsx";

const TONES: Record<AttemptRow["end"], Tone> = { refused: "good", absent: "good", ended: "good", open: "bad", silent: "warn" };
const isOpen = ({ end }: AttemptRow): boolean => end === "open" || end === "silent";

/** Whether every way out was closed. */
export function AttemptVerdict({ run: { wall, rows, total } }: { run: AttemptRun }) {
  const {
    text: { volunteer: text },
    fill,
  } = useWords();
  const open = rows.filter(isOpen).length;
  return (
    <>
      <Note tone={open === 0 ? "info" : "warn"}>{fill(open === 0 ? text.escape.closed : text.escape.open, { open, all: total })}</Note>
      <p className="text-quiet text-sm">{text.wall[wall]}</p>
    </>
  );
}

/** What became of each attempt so far. */
export function AttemptRows({ run: { rows, total }, isRunning }: { run: AttemptRun; isRunning: boolean }) {
  const {
    text: {
      volunteer: { escape: text },
    },
    fill,
  } = useWords();
  const progress = fill(text.progress, { done: rows.length, all: total });
  return (
    <div className="mt-4 space-y-4">
      {isRunning ? <Progress label={text.running} max={total} done={rows.length} text={progress} /> : null}
      <Table caption={text.title} columns={[text.way, text.end, text.detail]}>
        {rows.map((row) => (
          <tr key={row.name}>
            <td>
              <span className="text-quiet text-xs">{text.groups[row.group]}</span>
              <br />
              <code className="text-xs [overflow-wrap:anywhere]">{row.name}</code>
            </td>
            <td>
              <Badge tone={TONES[row.end]}>{text.ends[row.end]}</Badge>
            </td>
            <td className="min-w-60 text-quiet text-xs [overflow-wrap:anywhere]">{row.detail}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
