import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { usePicture } from "#lib/client/light/use-picture.ts";
import { previewQuery, resultUrl } from "#lib/client/queries/preview.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { PREVIEW_TILES_MAX } from "#lib/domain/reduce/mosaic-preview.ts";
import { getPicture, type JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { GrowingPicture } from "#lib/ui/output/growing-picture.tsx";
import { OutputView } from "#lib/ui/output/output-view.tsx";

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
      {job.reducer === "mosaic" && job.shardCount <= PREVIEW_TILES_MAX ? <Picture job={job} /> : job.acceptedCount > 0 ? <Preview job={job} /> : null}
    </Card>
  );
}

function stateInWords({ text, fill }: Words, { state, acceptedCount: accepted, shardCount: all }: JobView): string {
  const { page } = text.jobs;
  if (accepted === 0) return isOpen(state) ? page.resultNone : page.resultNever;
  if (accepted === all) return fill(page.resultWhole, { all });
  return fill(isOpen(state) ? page.resultPartial : page.resultSome, { accepted, all });
}

/** The mosaic as it grows. */
function Picture({ job }: { job: JobView }) {
  const { text, fill } = useWords();
  const { data } = usePicture(getPicture.path.replace("{jobId}", job.id));
  return data ? (
    <div className="mt-4">
      <h3 className="mb-2 font-medium text-sm">{text.picture.title}</h3>
      <GrowingPicture picture={data} label={fill(text.picture.label, { job: job.name })} />
    </div>
  ) : null;
}

function Preview({ job }: { job: JobView }) {
  const { text } = useWords();
  const { page } = text.jobs;
  const { data: sample, error } = useQuery(previewQuery({ id: job.id, acceptedCount: job.acceptedCount, hasEnded: !isOpen(job.state) }));
  if (error && !sample) {
    return <ErrorNote error={error} className="mt-4" />;
  }
  if (!sample) return null;
  return (
    <div className="mt-4">
      <h3 className="mb-2 font-medium text-sm">{page.preview}</h3>
      <OutputView sample={sample} format={job.format} label={page.preview} />
    </div>
  );
}
