import { joinCommandLine } from "#lib/client/queries/submission/command-line.ts";
import { RUN_FIELDS, readFields } from "#lib/client/queries/submission/read-fields.ts";
import { type FirstShard, useFirstShards } from "#lib/client/queries/submission/use-first-shards.ts";
import { useShardCount } from "#lib/client/queries/submission/use-submission.ts";
import type { ShardPreview } from "#lib/domain/slicing/preview-slicing.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { ExplainLink } from "#lib/ui/display/explain-link.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { Table } from "#lib/ui/display/table.tsx";
import type { JobFormState } from "./use-job-form.ts";

/** How many shards the input makes, and of the first ones the arguments and what they read. */
export function FirstShards({ state: { form } }: { state: JobFormState }) {
  const words = useWords();
  const { text, format, fill } = words;
  const { preview } = text.studio;
  const spec = readFields(form, RUN_FIELDS, words);
  const counted = useShardCount(spec?.slicing ?? null, form.input);
  const parts = counted.data?.ok ? counted.data.first : [];
  const shards = useFirstShards(spec, parts, form.input);
  const refusal = counted.data?.ok === false ? counted.data : null;
  const error = counted.error ?? shards.error;
  return (
    <section aria-live="polite" className="mt-5 border-line border-t pt-4">
      <h3 className="mb-2 font-medium text-sm">{preview.title}</h3>
      {refusal ? (
        <Note tone="bad">
          {words.sayCode(refusal.code, refusal.params)} <ExplainLink code={refusal.code} />
        </Note>
      ) : null}
      {error ? <ErrorNote error={error} /> : null}
      {shards.data && counted.data?.ok ? (
        <>
          <p className="mb-2 text-quiet text-sm">{fill(preview.lead, { shards: format.count(counted.data.shardCount, text.jobs.shardWords) })}</p>
          <Table caption={preview.title} columns={[preview.shard, preview.args, preview.reads]}>
            {shards.data.map((shard) => (
              <tr key={shard.part.no}>
                <td>{format.number(shard.part.no)}</td>
                <td className="font-mono text-xs">{shard.args.length > 0 ? joinCommandLine(shard.args) : preview.noArgs}</td>
                <td className="min-w-48">
                  <Reads shard={shard} />
                </td>
              </tr>
            ))}
          </Table>
        </>
      ) : refusal || error ? null : counted.isFetching || shards.isFetching ? (
        <Skeleton label={preview.loading} />
      ) : (
        <p className="text-quiet text-sm">{preview.waiting}</p>
      )}
    </section>
  );
}

function Reads({ shard }: { shard: FirstShard }) {
  const words = useWords();
  const { preview } = words.text.studio;
  return (
    <>
      <p>{spanInWords(words, shard.part)}</p>
      {shard.excerpt ? (
        <pre className="mt-1 max-h-20 overflow-hidden whitespace-pre-wrap break-all font-mono text-quiet text-xs">
          {shard.excerpt.text}
          {shard.excerpt.isCut ? (
            <>
              <span aria-hidden>…</span>
              <span className="sr-only">{preview.more}</span>
            </>
          ) : null}
        </pre>
      ) : null}
    </>
  );
}

function spanInWords({ text, format, fill }: Words, part: ShardPreview): string {
  const { preview } = text.studio;
  if (part.kind === "file") return fill(preview.file, { name: part.entry.name, size: format.bytes(part.entry.bytes) });
  if (part.kind === "bytes") return fill(preview.bytes, { size: format.bytes(part.to - part.from), from: part.from });
  return Object.entries(part.values)
    .map(([name, value]) => `${name} = ${value}`)
    .join(", ");
}
