import { useQuery } from "@tanstack/react-query";
import { reviewQuery, useDecideReview } from "#lib/client/queries/operations.ts";
import { joinCommandLine } from "#lib/client/queries/submission/command-line.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { inspectReview } from "#lib/protocol/instance/policy.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Asked } from "./asked.tsx";
import { ReasonButton } from "./reason-button.tsx";
import type { Review } from "./review-list.tsx";
import { ReviewTrial } from "./review-trial.tsx";

/** What a waiting job's program is and does, and the decision about it. */
export function ReviewDetails({ review }: { review: Review }) {
  const query = useQuery(reviewQuery(review.jobId));
  return (
    <div className="mt-4 grid min-w-0 grid-cols-1 gap-4 rounded-card bg-sunken/50 p-4">
      <Asked query={query}>
        {(inspected) => (
          <>
            <Program review={review} inspected={inspected} />
            <ReviewTrial job={inspected.submission} />
          </>
        )}
      </Asked>
      <Decision review={review} />
    </div>
  );
}

function Program({ review, inspected }: { review: Review; inspected: OutputOf<typeof inspectReview> }) {
  const { reviews: words } = useWords().text.admin;
  const { imports, source, args, minerSigns, submission } = inspected;
  return (
    <>
      {minerSigns.length > 0 ? (
        <Note tone="bad" title={words.signs}>
          {minerSigns.join(" · ")}
        </Note>
      ) : (
        <p className="text-quiet text-sm">{words.noSigns}</p>
      )}
      <dl className="grid grid-cols-1 gap-2 text-sm">
        <dt className="text-quiet">{words.digest}</dt>
        <dd className="-mt-2 break-all font-mono text-xs">{review.program}</dd>
        <dt className="text-quiet">{words.args}</dt>
        <dd className="-mt-2 break-all font-mono text-xs">{args.length > 0 ? joinCommandLine(args) : words.noArgs}</dd>
      </dl>
      {source === null ? null : <Code label={words.source} text={source} />}
      {imports === null ? null : imports.length > 0 ? (
        <Code label={words.imports} text={imports.join("\n")} />
      ) : (
        <p className="text-quiet text-sm">{words.noImports}</p>
      )}
      <Code label={words.job} text={JSON.stringify(submission, null, 2)} />
    </>
  );
}

function Code({ label, text }: { label: string; text: string }) {
  return (
    <details className="min-w-0 text-sm">
      <summary className="rounded-control py-1 font-medium">{label}</summary>
      <CodeBlock label={label} text={text} />
    </details>
  );
}

function Decision({ review: { jobId, name } }: { review: Review }) {
  const { text, fill } = useWords();
  const { reviews: words } = text.admin;
  const decide = useDecideReview();
  return (
    <div className="flex flex-wrap gap-3">
      <Button kind="primary" size="small" disabled={decide.isPending} onClick={() => decide.mutate({ jobId, decision: "allow", allowProgram: false })}>
        {words.allow}
      </Button>
      <Button
        size="small"
        className="h-auto min-h-9 shrink py-1"
        disabled={decide.isPending}
        onClick={() => decide.mutate({ jobId, decision: "allow", allowProgram: true })}
      >
        {words.allowProgram}
      </Button>
      <ReasonButton
        label={words.deny}
        title={fill(words.denyTitle, { name })}
        lead={words.denyText}
        disabled={decide.isPending}
        onReason={(reason) => decide.mutate({ jobId, decision: "deny", allowProgram: false, reason })}
      />
      {decide.error ? <ErrorNote error={decide.error} className="w-full" isAlert /> : null}
    </div>
  );
}
