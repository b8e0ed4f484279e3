import { useState } from "react";
import { judgeTrial, type TrialVerdict } from "#lib/client/trial/trial-outcome.ts";
import { type TrialRequest, type TrialView, trialKey, type useTrial } from "#lib/client/trial/use-trial.ts";
import type { ClosenessRule, CompareRule } from "#lib/domain/compare/compare-rule.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { Select } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";
import type { RuleChoice } from "./difference-view.tsx";
import { TrialShardView } from "./trial-shard.tsx";
import { TrustedComparison } from "./trusted-comparison.tsx";
import type { JobFormState } from "./use-job-form.ts";

type TrialProps = { state: JobFormState; trial: ReturnType<typeof useTrial>; request: TrialRequest | null };

/** A dry run of the first shards in this tab: how each ended, its output, and whether it gave the same bytes twice. */
export function TrialCard({ state, trial: { view, start, stop }, request }: TrialProps) {
  const words = useWords();
  const { trial } = words.text.studio;
  const [wanted, setWanted] = useState(2);
  const choice: RuleChoice = { inUse: state.form.carried.compare, onRule: (compare) => state.set("carried", { ...state.form.carried, compare }) };
  const most = request?.parts.length ?? 0;
  const count = Math.min(wanted, most);
  const run = request && { ...request, parts: request.parts.slice(0, count) };
  const isOutdated = view.key !== null && !view.isRunning && (!run || view.key !== trialKey({ ...run, parts: run.parts.slice(0, view.wanted) }));
  return (
    <Card>
      <CardHead title={trial.title}>
        <span className="flex items-center gap-2 text-sm">
          <label htmlFor="trial-count" className="text-quiet">
            {trial.count}
          </label>
          <Select
            id="trial-count"
            className="w-auto!"
            disabled={!request || view.isRunning}
            value={count}
            onChange={(event) => setWanted(Number(event.target.value))}
          >
            {most === 0 ? <option value={0}>0</option> : null}
            {Array.from({ length: most }, (_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: numbers
              <option key={i} value={i + 1}>
                {i + 1}
              </option>
            ))}
          </Select>
          {view.isRunning ? (
            <Button onClick={stop}>{trial.stop}</Button>
          ) : (
            <Button disabled={!run || count === 0} onClick={() => void (run && start(run))}>
              {view.shards.length > 0 ? trial.again : trial.run}
            </Button>
          )}
        </span>
      </CardHead>
      <p className="text-quiet text-sm">{request ? trial.lead : trial.waiting}</p>
      <div aria-live="polite" className="mt-4 grid gap-3 empty:hidden">
        {isOutdated && view.shards.length > 0 ? <Note tone="warn">{trial.outdated}</Note> : null}
        <Summary view={view} inUse={choice.inUse} />
      </div>
      {view.shards.map((shard) => (
        <TrialShardView key={shard.no} shard={shard} format={request?.spec.output.format ?? state.form.format} choice={choice} />
      ))}
      {run && view.shards.length > 0 && !view.isRunning && !isOutdated ? (
        <TrustedComparison request={{ ...run, parts: run.parts.slice(0, view.wanted) }} trial={view} choice={choice} />
      ) : null}
      <RuleInUse rule={choice.inUse} />
    </Card>
  );
}

function Summary({ view, inUse }: { view: TrialView; inUse: CompareRule | undefined }) {
  const words = useWords();
  const { trial } = words.text.studio;
  if (view.error) return <ErrorNote error={view.error} />;
  if (view.isRunning) {
    const said = words.fill(trial.running, { done: view.shards.length, all: view.wanted });
    return (
      <div>
        <Progress label={trial.title} max={view.wanted} done={view.shards.length} text={said} />
        <p className="mt-2 text-quiet text-sm">{said}</p>
      </div>
    );
  }
  if (view.wanted === 0) return null;
  const verdict = judgeTrial(view, inUse);
  return <Note tone={TONES[verdict]}>{words.fill(trial[verdict], { done: view.shards.length, wanted: view.wanted })}</Note>;
}

const TONES = { unlike: "bad", stopped: "warn", alikeByRule: "info", alikeFailing: "warn", alike: "info" } as const satisfies Record<TrialVerdict, string>;

function RuleInUse({ rule }: { rule: CompareRule | undefined }) {
  const words = useWords();
  if (!rule || rule.kind === "exact") return null;
  return <p className="mt-4 text-quiet text-sm">{ruleInWords(words, rule)}</p>;
}

function ruleInWords({ text, fill }: Words, rule: ClosenessRule): string {
  const { usesRule } = text.studio.trial;
  switch (rule.kind) {
    case "numeric":
      return fill(usesRule.numeric, { elements: rule.elements, tolerance: String(rule.relative) });
    case "text":
      return `${fill(usesRule.text, { tolerance: String(rule.relative) })}${rule.ignoreTrailingSpace ? ` ${usesRule.blanks}` : ""}`;
    case "image":
      return fill(usesRule.image, { mean: rule.mean, largest: rule.largest });
    case "json":
      return usesRule.json;
  }
}
