import { readTemplateResult } from "#lib/server/templates/read-result.ts";
import type { Template } from "#lib/server/templates/read-template.ts";
import { Table } from "#lib/ui/display/table.tsx";
import { readWords } from "../../../read-words.ts";
import { ResultPicture } from "./result-picture.tsx";
import { templateFileUrl } from "./template-file-url.ts";

/** What a template is known to give: the first rows of its table, or its picture. */
export async function TemplateResult({ template, rowsMax }: { template: Template; rowsMax: number }) {
  const [result, { text, fill }] = await Promise.all([readTemplateResult(template, rowsMax), readWords()]);
  const { items, loading, noResult, resultRows } = text.templates;
  const { alt } = items[template.id];
  if (result.kind === "picture")
    return <ResultPicture url={templateFileUrl(template.id, result.path)} picture={result.picture} alt={alt} loading={loading} noResult={noResult} />;
  return (
    <div className="min-w-0">
      <Table caption={alt} columns={result.columns}>
        {result.rows.map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file never move
          <tr key={i}>
            {row.map((field, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: nor do its columns
              <td key={column} className="whitespace-nowrap tabular-nums">
                {field}
              </td>
            ))}
          </tr>
        ))}
      </Table>
      <p className="mt-2 text-quiet text-xs">{fill(resultRows, { rows: result.rows.length, all: result.rowsCount })}</p>
    </div>
  );
}
