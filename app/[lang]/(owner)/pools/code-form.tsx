"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";

/** For somebody who was told a code: leads to the page that asks before anything is joined. */
export function CodeForm() {
  const words = useWords().text.pools;
  const router = useRouter();
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    router.push(`/pools/join#${encodeURIComponent(code.trim())}`);
  };
  return (
    <Card>
      <CardHead title={words.code} />
      <form onSubmit={submit} className="grid gap-3">
        <Field id="invite-code" label={words.code} hint={words.codeText}>
          <Input
            {...controlProps("invite-code", { hint: true })}
            value={code}
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
        <Button type="submit" disabled={code.trim() === ""}>
          {words.useCode}
        </Button>
      </form>
    </Card>
  );
}
