"use client";

import { ApiError } from "#lib/protocol/errors.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { EmptyState } from "#lib/ui/display/empty-state.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { ExplainLink } from "#lib/ui/display/explain-link.tsx";
import { Fact, Facts, Figure } from "#lib/ui/display/facts.tsx";
import { JobPurpose } from "#lib/ui/display/job-purpose.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { ShownOnce } from "#lib/ui/display/shown-once.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { AmountCell, StackedTable, Table } from "#lib/ui/display/table.tsx";
import { Shown } from "./shown.tsx";

const TONES = ["neutral", "accent", "good", "warn", "bad"] as const;
const REFUSED = new ApiError("funds_short", { need: "2500000", have: "1000" });
const SILENT = Object.assign(new Error("no answer"), { name: "OfflineError" });
const again = () => undefined;

/** Everything that only shows. */
export function DisplayStates() {
  return (
    <>
      <Shown name="Badge">
        {TONES.map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
      </Shown>
      <NoteStates />
      <Shown name="Card, CardHead, Facts, Fact, Figure">
        <Card className="w-full">
          <CardHead title="One subject">
            <Button size="small">What can be done</Button>
          </CardHead>
          <dl className="mb-4 grid grid-cols-2 gap-4">
            <Figure name="Verified shards" value="8,412,007" />
            <Figure name="Of one kind" value="1" />
          </dl>
          <Facts>
            <Fact name="Program">protein-search.wasm</Fact>
            <Fact name="A digest">{"9f86d081884c7d659a2feaa0c55ad015".repeat(2)}</Fact>
            <Fact name="Begun">
              <Moment at="2026-03-14T09:30:00.000Z" />
            </Fact>
          </Facts>
        </Card>
      </Shown>
      <Shown name="Progress">
        {[
          { name: "nothing", done: 0, bad: 0 },
          { name: "half", done: 50, bad: 0 },
          { name: "half, some bad", done: 60, bad: 15 },
          { name: "whole", done: 100, bad: 0 },
          { name: "all bad", done: 100, bad: 100 },
        ].map(({ name, done, bad }) => (
          <div key={name} className="w-full">
            <p className="mb-1 text-sm">{name}</p>
            <Progress label={name} max={100} done={done} bad={bad} text={`${done} of 100`} />
          </div>
        ))}
      </Shown>
      <Shown name="Skeleton, EmptyState">
        <Skeleton label="Loading" lines={3} className="w-full" />
        <EmptyState title="No jobs yet" />
        <EmptyState title="No jobs yet" text="Submit one, and it is here.">
          <Button kind="primary">Submit a job</Button>
        </EmptyState>
      </Shown>
      <Shown name="Table, StackedTable, AmountCell, CodeBlock, JobPurpose">
        <Table caption={"Shards"} columns={["Shard", "Verdict", "Output"]}>
          <tr>
            <td>1</td>
            <td>Accepted</td>
            <td>2.1 KiB</td>
          </tr>
        </Table>
        <StackedTable caption={"Statement"} columns={["When", "What", "Amount", "For"]} amounts={[2]}>
          <tr>
            <td>2 minutes ago</td>
            <td>Reserved</td>
            <AmountCell>0.25 DEMO</AmountCell>
            <td>Tides of the coast</td>
          </tr>
          <tr>
            <td>Yesterday</td>
            <td>Given by the instance</td>
            <AmountCell>1,000 DEMO</AmountCell>
            <td />
          </tr>
        </StackedTable>
        <CodeBlock
          label={"Log"}
          text={"one line\nand one that is much longer than the box in which it stands, so that the box scrolls sideways"}
          className="w-full"
        />
        <JobPurpose name="Tides of the coast" topic="oceans" owner="0x70c1…52d4" description="How high the water stands at each hour of the year." />
        <JobPurpose name="A job without topic and description" topic="" owner="0x70c1…52d4" description="" />
      </Shown>
    </>
  );
}

function NoteStates() {
  return (
    <Shown name="Note, ErrorNote, RefreshNote, ExplainLink, ShownOnce">
      <Note title="Title" className="w-full">
        Something to know before going on.
      </Note>
      <Note tone="warn" className="w-full" action={<Button size="small">What helps</Button>}>
        Something to look out for.
      </Note>
      <Note tone="bad" className="w-full">
        Something that went wrong.
      </Note>
      <ErrorNote error={REFUSED} className="w-full" />
      <ErrorNote error={SILENT} className="w-full" />
      <ErrorNote error={new Error("An error without a code.")} className="w-full" />
      <RefreshNote error={SILENT} hasOlder onRetry={again} />
      <RefreshNote error={REFUSED} hasOlder={false} onRetry={again} />
      <ExplainLink code="no_jobs" />
      <ShownOnce
        title="Copy this now"
        secret={`shoal_${"9f86d081884c7d65".repeat(3)}`}
        words={{ copy: "Copy", copied: "Copied", done: "I have copied it" }}
        onDone={again}
        className="w-full"
      >
        It is shown this once.
      </ShownOnce>
    </Shown>
  );
}
