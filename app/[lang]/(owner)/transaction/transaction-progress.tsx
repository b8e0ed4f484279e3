import { Check, Circle, ExternalLink, LoaderCircle } from "lucide-react";
import { explorerLink, type Pool } from "#lib/client/wallet/pool.ts";
import { type Progress, SEND_STAGES, type SendStage } from "#lib/client/wallet/send-stage.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "#lib/ui/class-names.ts";

/** How far a transaction is, step by step, and where it can be looked at once it has a hash. */
export function TransactionProgress({ progress, pool, isRunning }: { progress: Progress; pool: Pool; isRunning: boolean }) {
  const { text, fill } = useWords();
  const words = text.wallet;
  const at = SEND_STAGES.indexOf(progress.stage);
  const link = progress.txHash ? explorerLink(pool, progress.txHash) : null;
  return (
    <div className="mt-4 text-sm" aria-live="polite">
      <ol aria-label={words.progress} className="space-y-1.5">
        {SEND_STAGES.map((stage, i) => (
          <Step key={stage} stage={stage} state={i < at || progress.stage === "confirmed" ? "done" : i === at && isRunning ? "now" : "later"} />
        ))}
      </ol>
      {progress.txHash ? (
        <p className="mt-3 text-quiet [overflow-wrap:anywhere]">
          {link ? (
            <a href={link} target="_blank" rel="noreferrer" className="inline-flex items-center gap-1.5 underline underline-offset-4">
              {words.explorer} <span className="sr-only">{text.site.opensTab}</span>
              <ExternalLink aria-hidden className="size-3.5" />
            </a>
          ) : (
            <span className="font-mono text-xs">{fill(words.transaction, { hash: progress.txHash })}</span>
          )}
        </p>
      ) : null}
    </div>
  );
}

function Step({ stage, state }: { stage: SendStage; state: "done" | "now" | "later" }) {
  const { stages } = useWords().text.wallet;
  const Icon = { done: Check, now: LoaderCircle, later: Circle }[state];
  return (
    <li className={cn("flex items-center gap-2", state === "later" && "text-quiet")} aria-current={state === "now" ? "step" : undefined}>
      <Icon aria-hidden className={cn("size-4 shrink-0", state === "done" && "text-good", state === "now" && "text-accent motion-safe:animate-spin")} />
      {stages[stage]}
    </li>
  );
}
