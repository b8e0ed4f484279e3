import { isForgiven, type TrustedShard } from "#lib/client/trial/trial-outcome.ts";
import { type TrialRequest, type TrialView, trialKey } from "#lib/client/trial/use-trial.ts";
import { type TrustedView, useTrustedTrial } from "#lib/client/trial/use-trusted-trial.ts";
import type { CompareRule } from "#lib/domain/compare/compare-rule.ts";
import { TRIAL_LIMITS } from "#lib/domain/errand/trial.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { DifferenceView, type RuleChoice } from "./difference-view.tsx";

type Props = { request: TrialRequest; trial: TrialView; choice: RuleChoice };

/** The shards that this tab ran, once more on a trusted device of the instance: whether it came to the same bytes, and where not. */
export function TrustedComparison({ request, trial, choice }: Props) {
  const { text, fill } = useWords();
  const { trusted } = text.studio.trial;
  const { view, start, stop } = useTrustedTrial();
  const isOfThis = view.key === trialKey(request);
  if (request.spec.program.runtime !== "wasi") return <p className="mt-4 border-line border-t pt-4 text-quiet text-sm">{trusted.kernel}</p>;
  return (
    <section aria-label={trusted.title} className="mt-4 grid gap-3 border-line border-t pt-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-64 text-quiet text-sm">{trusted.lead}</p>
        {isOfThis && view.isRunning ? (
          <Button onClick={stop}>{text.studio.trial.stop}</Button>
        ) : (
          <Button onClick={() => void start(request, trial.shards)}>{trusted.run}</Button>
        )}
      </div>
      <div aria-live="polite" className="grid gap-3 empty:hidden">
        {isOfThis ? <Outcome view={view} inUse={choice.inUse} /> : null}
      </div>
      {isOfThis
        ? view.compared.map((shard) =>
            shard.isSame ? null : (
              <div key={shard.no} className="space-y-2">
                <p className="font-medium text-sm">{fill(text.studio.trial.shard, { no: shard.no })}</p>
                <Unlike shard={shard} choice={choice} />
              </div>
            ),
          )
        : null}
    </section>
  );
}

function Outcome({ view, inUse }: { view: TrustedView; inUse: CompareRule | undefined }) {
  const words = useWords();
  const { trusted } = words.text.studio.trial;
  if (view.error) return isNobodyThere(view.error) ? <Note tone="info">{trusted.none}</Note> : <Refusal error={view.error} />;
  if (view.isRunning && !view.isDeviceThere) return <Note tone="info">{trusted.waits}</Note>;
  if (view.isRunning) return <p className="text-quiet text-sm">{words.fill(trusted.running, { done: view.compared.length, all: view.wanted })}</p>;
  if (view.compared.length === 0) return null;
  const unlike = view.compared.filter((shard) => !shard.isSame);
  if (unlike.length === 0) return <Note tone="info">{trusted.same}</Note>;
  const isClose = unlike.every(({ difference }) => isForgiven(difference, inUse));
  return <Note tone={isClose ? "info" : "bad"}>{isClose ? trusted.alikeByRule : trusted.unlike}</Note>;
}

function isNobodyThere(error: unknown): boolean {
  return error instanceof ApiError && error.code === "trusted_device_missing";
}

function Refusal({ error }: { error: unknown }) {
  const { text, format, fill } = useWords();
  if (error instanceof Error && error.name === "TrialTooLarge")
    return <Note tone="warn">{fill(text.studio.trial.trusted.large, { limit: format.bytes(TRIAL_LIMITS.inputBytesMax) })}</Note>;
  return <ErrorNote error={error} />;
}

function Unlike({ shard: { ended, difference }, choice }: { shard: TrustedShard; choice: RuleChoice }) {
  const words = useWords();
  const { trial } = words.text.studio;
  if (difference) return <DifferenceView difference={difference} names={[trial.trusted.here, trial.trusted.there]} choice={choice} />;
  return <p className="text-sm">{ended.outcome === "ok" ? trial.trusted.tooLarge : words.fill(trial.trusted.ended, { how: endInWords(words, ended) })}</p>;
}

function endInWords({ text, fill }: Words, { outcome, exitCode, trap }: TrustedShard["ended"]): string {
  if (exitCode !== null) return fill(text.studio.trial.exitCode, { code: exitCode });
  return trap === null ? text.states.outcomes[outcome] : fill(text.studio.trial.trap, { trap });
}
