import { type FormEvent, useState } from "react";
import { useRaiseBudget } from "#lib/client/queries/jobs.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { editMoney, parseMoney } from "#lib/text/format/edit-money.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { UnitInput } from "#lib/ui/controls/input.tsx";
import { toasts } from "#lib/ui/feedback/toast-store.ts";

/** Reserves more for the job, as a total that may be sent twice. Open where the job waits for it. */
export function RaiseBudget({ job }: { job: JobView }) {
  const { text, format, fill, sayError } = useWords();
  const { budget } = text.studio;
  const { money, price, state, id } = job;
  const raise = useRaiseBudget(id);
  const [total, setTotal] = useState(editMoney(money.reservedMicro));
  const [problem, setProblem] = useState<string | null>(null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const micro = parseMoney(total);
    if (micro === null || micro <= BigInt(money.reservedMicro)) {
      setProblem(fill(budget.wrong, { reserved: format.money(money.reservedMicro, price.asset) }));
      return;
    }
    setProblem(null);
    raise.mutate(micro, { onSuccess: () => toasts.show(fill(budget.raised, { amount: format.money(micro, price.asset) })) });
  };
  const said = problem ?? (raise.error ? sayError(raise.error) : null);
  return (
    <details className="mt-3 text-sm" open={state === "needs_funds" || undefined}>
      <summary className="rounded-control py-1">{budget.raise}</summary>
      <form noValidate onSubmit={send} className="mt-2 space-y-3">
        <Field id="budget" label={budget.label} hint={budget.hint} problem={said}>
          <UnitInput
            {...controlProps("budget", { hint: true, problem: said })}
            unit={price.asset}
            value={total}
            onChange={(event) => setTotal(event.target.value)}
          />
        </Field>
        <Button type="submit" size="small" disabled={raise.isPending}>
          {budget.save}
        </Button>
      </form>
    </details>
  );
}
