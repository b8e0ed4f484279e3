import { Check } from "lucide-react";
import { isForgiven } from "#lib/client/trial/trial-outcome.ts";
import { COMPARE_LIMITS, type CompareRule } from "#lib/domain/compare/compare-rule.ts";
import type { Difference, ProposedRule } from "#lib/domain/compare/describe-difference.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import type { Words } from "#lib/text/words.ts";
import { Button } from "#lib/ui/controls/button.tsx";
import { Note } from "#lib/ui/display/note.tsx";

/** The comparison that the form asks for, and how to ask for another; undefined for that of bytes. */
export type RuleChoice = { inUse: CompareRule | undefined; onRule: (rule: ProposedRule | undefined) => void };

type DifferenceProps = { difference: Difference; names: readonly [string, string]; choice?: RuleChoice | undefined };

/** Where the outputs of two runs differ, both beside each other where they are text, and what to do about it. */
export function DifferenceView({ difference, names, choice }: DifferenceProps) {
  const { text, format, fill } = useWords();
  const { trial } = text.studio;
  const { kind, line, rule, firstAt, differingBytes } = difference;
  const isTaken = isForgiven(difference, choice?.inUse);
  return (
    <Note
      tone={isTaken ? "info" : "bad"}
      title={line ? fill(trial.firstLine, { no: line.no }) : fill(trial.firstAt, { at: firstAt, count: differingBytes })}
      action={
        rule && choice ? (
          <Button size="small" aria-pressed={isTaken} onClick={() => choice.onRule(isTaken ? undefined : rule)}>
            {isTaken ? <Check aria-hidden /> : null}
            {proposal({ text, fill }, kind, rule)}
          </Button>
        ) : null
      }
    >
      {line ? (
        <dl className="my-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 font-mono text-xs">
          <dt className="font-sans text-quiet">{names[0]}</dt>
          <dd className="break-all">{line.a}</dd>
          <dt className="font-sans text-quiet">{names[1]}</dt>
          <dd className="break-all">{line.b}</dd>
        </dl>
      ) : null}
      <p>{fill(trial.kinds[kind], { limit: format.bytes(COMPARE_LIMITS.outputBytesMax) })}</p>
    </Note>
  );
}

function proposal({ text, fill }: Pick<Words, "text" | "fill">, kind: Difference["kind"], rule: ProposedRule): string {
  const { useRule } = text.studio.trial;
  const tolerance = String(rule.relative);
  if (rule.kind === "numeric") return fill(useRule.numeric, { elements: rule.elements, tolerance });
  return kind === "whitespace" ? useRule.blanks : fill(useRule.text, { tolerance });
}
