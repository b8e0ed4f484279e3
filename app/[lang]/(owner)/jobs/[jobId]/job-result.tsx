import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { previewQuery, resultUrl } from "#lib/client/queries/preview.ts";
import { splitCsvLine } from "#lib/client/queries/read-first-lines.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Table } from "#lib/ui/display/table.tsx";

/** The result as far as it is verified: download at any time, and its first lines where it is text. */
export function JobResult({ job }: { job: JobView }) {
  const words = useWords();
  const { page } = words.text.jobs;
  const isWhole = job.acceptedCount === job.shardCount;
  return (
    <Card>
      <CardHead title={page.result}>
        {job.acceptedCount > 0 ? (
          <a href={resultUrl(job.id)} download className={buttonLook({ kind: isWhole ? "primary" : "secondary", size: "small" })}>
            <Download aria-hidden />
            {isWhole ? page.download : page.downloadPartial}
          </a>
        ) : null}
      </CardHead>
      <p className="text-quiet text-sm">{stateInWords(words, job)}</p>
      {job.acceptedCount > 0 && job.format !== "bytes" ? <Preview job={job} /> : null}
      {job.acceptedCount > 0 && job.format === "bytes" ? <p className="mt-2 text-quiet text-sm">{page.previewBytes}</p> : null}
    </Card>
  );
}

function stateInWords({ text, fill }: Words, { state, acceptedCount: accepted, shardCount: all }: JobView): string {
  const { page } = text.jobs;
  if (accepted === 0) return isOpen(state) ? page.resultNone : page.resultNever;
  if (accepted === all) return fill(page.resultWhole, { all });
  return fill(isOpen(state) ? page.resultPartial : page.resultSome, { accepted, all });
}

function Preview({ job }: { job: JobView }) {
  const { text, sayError } = useWords();
  const { page } = text.jobs;
  const { data: lines, error } = useQuery(previewQuery({ id: job.id, acceptedCount: job.acceptedCount, hasEnded: !isOpen(job.state) }));
  if (error && !lines) {
    return (
      <Note tone="bad" className="mt-4">
        {sayError(error)}
      </Note>
    );
  }
  if (!lines || lines.length === 0) return null;
  return (
    <div className="mt-4">
      <h3 className="mb-2 font-medium text-sm">{page.preview}</h3>
      {job.format === "csv" ? <CsvPreview lines={lines} /> : <CodeBlock label={page.preview} text={lines.join("\n")} />}
    </div>
  );
}

function CsvPreview({ lines: [header = "", ...rows] }: { lines: string[] }) {
  const { text } = useWords();
  const { page } = text.jobs;
  return (
    <Table caption={page.preview} columns={splitCsvLine(header)}>
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of a file is its number
        <tr key={i}>
          {splitCsvLine(row).map((field, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a field is its column
            <td key={column} className="whitespace-nowrap font-mono text-xs">
              {field}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}
