import type { NumericRule } from "#lib/domain/compare/compare-rule.ts";
import type { Difference } from "#lib/domain/compare/describe-difference.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Note } from "#lib/ui/display/note.tsx";

type DifferenceProps = { difference: Difference; names: readonly [string, string]; onRule?: (rule: NumericRule) => void };

/** Where the outputs of two runs differ, both beside each other where they are text, and what to do about it. */
export function DifferenceView({ difference, names, onRule }: DifferenceProps) {
  const { text, fill } = useWords();
  const { trial } = text.studio;
  const { kind, line, rule, firstAt, differingBytes } = difference;
  return (
    <Note
      tone="bad"
      title={line ? fill(trial.firstLine, { no: line.no }) : fill(trial.firstAt, { at: firstAt, count: differingBytes })}
      action={
        rule && onRule ? (
          <Button size="small" onClick={() => onRule(rule)}>
            {fill(trial.useRule, { elements: rule.elements, tolerance: String(rule.relative) })}
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
      <p>{trial.kinds[kind]}</p>
    </Note>
  );
}
