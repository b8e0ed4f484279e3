import { useOrigin } from "#lib/client/use-origin.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { CopyButton } from "#lib/ui/controls/copy-button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { QrCode } from "#lib/ui/display/qr-code.tsx";

/** The link by which others lend a tab to this job alone; it opens the card that asks them first. Nothing for a job that has ended. */
export function JobShare({ job }: { job: JobView }) {
  const { share } = useWords().text.jobs;
  const origin = useOrigin();
  if (!isOpen(job.state) || origin === null) return null;
  const link = `${origin}/volunteer?job=${job.id}`;
  return (
    <Card>
      <CardHead title={share.title} />
      <p className="mb-4 text-quiet text-sm">{share.text}</p>
      <div className="flex flex-wrap items-start gap-4">
        <QrCode text={link} label={share.code} />
        <div className="min-w-0 flex-1 basis-48 space-y-3">
          <p className="font-mono text-sm [overflow-wrap:anywhere]">{link}</p>
          <CopyButton text={link} label={share.copy} copied={share.copied} />
        </div>
      </div>
    </Card>
  );
}
