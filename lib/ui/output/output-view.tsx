import { useMemo } from "react";
import type { OutputFormat } from "#lib/domain/job/job.ts";
import { firstLines, type OutputSample } from "#lib/domain/output/first-lines.ts";
import { findPicture } from "#lib/domain/output/picture.ts";
import { readTable } from "#lib/domain/output/read-table.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { CodeBlock } from "../display/code-block.tsx";
import { Table } from "../display/table.tsx";
import { PictureView } from "./picture-view.tsx";

const LINES_MAX = 12;
const BYTES_SHOWN = 128;
const BYTES_PER_LINE = 16;

/** The beginning of an output as what it is: a picture, a table, text, or its first bytes. */
export function OutputView({ sample, format, label }: { sample: OutputSample; format: OutputFormat; label: string }) {
  const { text } = useWords();
  const picture = useMemo(() => (sample.isWhole ? findPicture(sample.bytes) : null), [sample]);
  const lines = useMemo(() => (format === "bytes" ? [] : firstLines(sample, LINES_MAX)), [sample, format]);
  if (sample.bytes.length === 0) return <p className="text-quiet text-sm">{text.studio.output.empty}</p>;
  if (picture) return <PictureView picture={picture} bytes={sample.bytes} label={label} />;
  if (format === "bytes") return <CodeBlock label={label} text={hexLines(sample.bytes.subarray(0, BYTES_SHOWN))} />;
  const table = readTable(lines, format);
  if (!table) return <CodeBlock label={label} text={lines.join("\n")} />;
  return (
    <Table caption={label} columns={table.columns}>
      {table.rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of a file is its number
        <tr key={i}>
          {row.map((field, column) => (
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

/** Bytes in lines of sixteen, as hexadecimal digits and as what of them can be read. */
function hexLines(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_PER_LINE) {
    const line = [...bytes.subarray(at, at + BYTES_PER_LINE)];
    const digits = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const shown = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
    lines.push(`${at.toString(16).padStart(4, "0")}  ${digits.padEnd(BYTES_PER_LINE * 3 - 1)}  ${shown}`);
  }
  return lines.join("\n");
}
