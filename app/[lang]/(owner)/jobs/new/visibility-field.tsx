import { useQuery } from "@tanstack/react-query";
import { poolsQuery } from "#lib/client/queries/pools.ts";
import { isId } from "#lib/domain/ids.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Select } from "#lib/ui/controls/input.tsx";
import type { JobFormState } from "./use-job-form.ts";

/** Who computes the job and sees that it exists: everybody, or a pool of the owner's. Nothing for an owner who is in no pool. */
export function VisibilityField({ state }: { state: JobFormState }) {
  const { text } = useWords();
  const { field } = text.pools;
  const { data: pools = [] } = useQuery(poolsQuery);
  const chosen = state.form.visibility?.kind === "pool" ? state.form.visibility.pool : null;
  const problem = state.problems.visibility;
  if (pools.length === 0 && chosen === null) return null;
  return (
    <Field id="visibility" label={field.label} hint={field.hint} problem={problem}>
      <Select
        {...controlProps("visibility", { hint: true, problem })}
        value={chosen ?? ""}
        onChange={({ target: { value } }) => state.set("visibility", isId("pol", value) ? { kind: "pool", pool: value } : null)}
      >
        <option value="">{field.public}</option>
        {chosen !== null && !pools.some(({ id }) => id === chosen) ? <option value={chosen}>{field.unknown}</option> : null}
        {pools.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
