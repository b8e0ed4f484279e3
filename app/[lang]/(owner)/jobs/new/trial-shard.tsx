import { isAlike, isForgiven, type TrialOutcome, type TrialShard } from "#lib/client/trial/trial-outcome.ts";
import type { CompareRule } from "#lib/domain/compare/compare-rule.ts";
import type { OutputFormat } from "#lib/domain/job/job.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { Badge } from "#lib/ui/display/badge.tsx";
import { CodeBlock } from "#lib/ui/display/code-block.tsx";
import { OutputView } from "#lib/ui/output/output-view.tsx";
import { DifferenceView, type RuleChoice } from "./difference-view.tsx";

type ShardProps = {
  shard: TrialShard;
  format: OutputFormat;
  /** Takes over a rule under which the two runs agree; nothing is offered without it. */
  choice?: RuleChoice;
};

/** How a shard of the dry run ended, with what it wrote; where its two runs differ, in what, and what to do about it. */
export function TrialShardView({ shard, format, choice }: ShardProps) {
  const words = useWords();
  const { text, fill } = words;
  const { trial } = text.studio;
  const [first, second] = shard.runs;
  const isSame = isAlike(shard);
  const { tone, said } = judge(shard, choice?.inUse);
  return (
    <section aria-label={fill(trial.shard, { no: shard.no })} className="mt-4 space-y-3 border-line border-t pt-4">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm">
        <span className="font-medium">{fill(trial.shard, { no: shard.no })}</span>
        <Badge tone={tone}>{trial[said]}</Badge>
        <span className="text-quiet">{factsInWords(words, first)}</span>
      </p>
      {isSame ? null : <p className="text-quiet text-sm">{`${trial.second}: ${factsInWords(words, second)}`}</p>}
      {shard.difference ? <DifferenceView difference={shard.difference} names={[trial.first, trial.second]} choice={choice} /> : null}
      {first.status === "ok" ? (
        <OutputView sample={{ bytes: first.output, isWhole: true }} format={format} label={fill(trial.output, { no: shard.no })} />
      ) : null}
      {first.stderr === "" ? null : (
        <details className="text-sm">
          <summary className="rounded-control py-1 text-quiet">{fill(trial.log, { no: shard.no })}</summary>
          <CodeBlock label={fill(trial.log, { no: shard.no })} text={first.stderr} />
        </details>
      )}
    </section>
  );
}

function judge(shard: TrialShard, inUse: CompareRule | undefined): { tone: "good" | "warn" | "bad"; said: "same" | "close" | "differs" | "failed" } {
  if (isForgiven(shard.difference, inUse)) return { tone: "good", said: "close" };
  if (!isAlike(shard)) return { tone: "bad", said: "differs" };
  return shard.runs[0].status === "ok" ? { tone: "good", said: "same" } : { tone: "warn", said: "failed" };
}

function factsInWords({ text, format, fill }: Words, outcome: TrialOutcome): string {
  const { trial } = text.studio;
  const time = format.duration(outcome.durationMs);
  if (outcome.status === "ok") return fill(trial.facts, { time, memory: format.bytes(outcome.memoryBytesPeak), size: format.bytes(outcome.output.length) });
  return fill(trial.factsFailed, { time, how: endInWords({ text, fill }, outcome) });
}

function endInWords({ text, fill }: Pick<Words, "text" | "fill">, outcome: Exclude<TrialOutcome, { status: "ok" }>): string {
  const { trial } = text.studio;
  switch (outcome.status) {
    case "exit_code":
      return fill(trial.exitCode, { code: outcome.exitCode });
    case "trap":
      return fill(trial.trap, { trap: outcome.trap });
    case "gpu_lost":
      return trial.lost;
    case "crashed":
      return `${text.states.outcomes.crashed}: ${outcome.message}`;
    default:
      return text.states.outcomes[outcome.status];
  }
}
