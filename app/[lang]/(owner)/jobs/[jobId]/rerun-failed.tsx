import { RotateCcw } from "lucide-react";
import { useRerunFailed } from "#lib/client/queries/jobs.ts";
import { worstCost } from "#lib/domain/ledger/money.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { toasts } from "#lib/ui/feedback/toast-store.ts";

/** Computes the failed shards of an ended job again; asks first, with what it reserves. Says when it can be had, and nothing to who cannot pay for it. */
export function RerunFailed({ job }: { job: JobView }) {
  const { text, format, fill } = useWords();
  const { rerun } = text.studio;
  const again = useRerunFailed(job.id, () => toasts.show(rerun.done));
  const isTried = job.acceptedCount + job.failedCount === job.shardCount;
  if (job.role !== "owner" || job.state === "cancelled") return null;
  if (job.state === "failed" && !isTried) return <p className="text-quiet text-sm">{rerun.stopped}</p>;
  if (job.state !== "final" && job.state !== "failed") return <p className="text-quiet text-sm">{rerun.later}</p>;
  const { price, verification, failedCount } = job;
  const costMicro = worstCost({
    shardCount: failedCount,
    replicasMax: verification.replicasMax,
    priceMicro: BigInt(price.replicaMicro),
    feeBps: price.feeBps,
  });
  return (
    <div className="space-y-3">
      <ConfirmButton
        kind="secondary"
        label={
          <>
            <RotateCcw aria-hidden />
            {rerun.action}
          </>
        }
        title={fill(rerun.title, { shards: format.count(failedCount, text.jobs.shardWords) })}
        confirm={rerun.action}
        keep={rerun.keep}
        disabled={again.isPending}
        onConfirm={() => again.mutate()}
      >
        <p>{rerun.text}</p>
        <p>{fill(rerun.money, { amount: format.money(costMicro, price.asset) })}</p>
      </ConfirmButton>
      {again.error ? <ErrorNote error={again.error} isAlert /> : null}
    </div>
  );
}
