import { CircleCheck } from "lucide-react";
import { type PacedFacts, useInspection } from "#lib/client/queries/submission/use-inspection.ts";
import { type Inspection, PAGE_BYTES } from "#lib/domain/program/inspect-wasm.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import type { JobFormState } from "./use-job-form.ts";

/** What the chosen module is, read in the browser: whether it can run, each reason against it with its fix, and what it asks for. */
export function ProgramInspection({ state: { form } }: { state: JobFormState }) {
  const { text } = useWords();
  const words = text.studio.inspection;
  const { data, error, isFetching } = useInspection({ program: form.program, memoryMebi: form.memoryMebi, runtime: form.carried.runtime });
  if (error) return <ErrorNote error={error} />;
  if (!data) return isFetching ? <Skeleton label={words.loading} lines={2} /> : null;
  return (
    <section aria-label={words.title} aria-live="polite" className="rounded-control border border-line p-4">
      {data.problems.length > 0 ? <Problems inspection={data} /> : <Runs />}
      <InspectionFacts inspection={data} paced={data.paced} />
    </section>
  );
}

function Runs() {
  const { text } = useWords();
  return (
    <p className="flex items-center gap-2 font-medium text-good text-sm">
      <CircleCheck aria-hidden className="size-4" />
      {text.studio.inspection.runs}
    </p>
  );
}

function Problems({ inspection: { problems } }: { inspection: Inspection }) {
  const { text, sayPhrase } = useWords();
  return (
    <Note tone="bad" title={text.studio.inspection.refused}>
      <ul className="mt-1 space-y-2">
        {problems.map(({ code, message, fix }) => (
          <li key={`${code} ${message}`}>
            {sayPhrase(message)} <span className="font-medium">{sayPhrase(fix)}</span>
          </li>
        ))}
      </ul>
    </Note>
  );
}

function InspectionFacts({ inspection, paced }: { inspection: Inspection; paced: PacedFacts | null }) {
  const { text, format, fill } = useWords();
  const words = text.studio.inspection;
  const { memory, features, producers, imports, sizeBytes } = inspection;
  const pages = (count: number) => format.bytes(count * PAGE_BYTES);
  return (
    <>
      <Facts className="mt-2">
        <Fact name={words.size}>{format.bytes(sizeBytes)}</Fact>
        {memory ? (
          <Fact name={words.memory}>
            {memory.maxPages === null ? pages(memory.minPages) : fill(words.memoryMax, { start: pages(memory.minPages), max: pages(memory.maxPages) })}
          </Fact>
        ) : null}
        <Fact name={words.features}>{features.length > 0 ? features.join(", ") : words.none}</Fact>
        <Fact name={words.producers}>{producers.length > 0 ? producers.join(", ") : words.unknown}</Fact>
        {paced ? (
          <Fact name={words.paced}>
            {fill(words.pacedText, { loops: paced.loops, bytes: paced.addedBytes })}{" "}
            <code className="text-xs [overflow-wrap:anywhere]">{paced.sha256.slice(0, 16)}…</code>
          </Fact>
        ) : null}
      </Facts>
      {paced ? <p className="mt-2 max-w-prose text-quiet text-sm">{words.pacedCost}</p> : null}
      {imports.length > 0 ? (
        <details className="mt-1 text-sm">
          <summary className="rounded-control py-1 text-quiet">
            {words.imports} ({format.number(imports.length)})
          </summary>
          <ul className="columns-1 pt-1 font-mono text-xs leading-5 sm:columns-2">
            {imports.map((name) => (
              <li key={name} className="break-all">
                {name}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}
