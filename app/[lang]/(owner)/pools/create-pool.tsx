"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useCreatePool } from "#lib/client/queries/pools.ts";
import { POOL_LIMITS } from "#lib/domain/pool/pool.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";

/** Makes a pool and goes there. */
export function CreatePool() {
  const { text, sayError } = useWords();
  const words = text.pools;
  const router = useRouter();
  const create = useCreatePool();
  const [name, setName] = useState("");
  const problem = create.error ? sayError(create.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(name.trim(), { onSuccess: ({ id }) => router.push(`/pools/${id}`) });
  };
  return (
    <Card>
      <CardHead title={words.create} />
      <form onSubmit={submit} className="grid gap-3">
        <Field id="pool-name" label={words.name} problem={problem}>
          <Input
            {...controlProps("pool-name", { problem })}
            value={name}
            maxLength={POOL_LIMITS.nameCharsMax}
            placeholder={words.namePlaceholder}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Button type="submit" kind="primary" disabled={create.isPending || create.isSuccess || name.trim() === ""}>
          {words.create}
        </Button>
      </form>
    </Card>
  );
}
