"use client";

import { type FormEvent, useState } from "react";
import { useCreateKey } from "#lib/client/queries/account.ts";
import { KEY_SCOPES, type KeyScope } from "#lib/protocol/endpoint.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Checkbox } from "#lib/ui/controls/checkbox.tsx";
import { CopyButton } from "#lib/ui/controls/copy-button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input, Select } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";

const EXPIRY_DAYS = [7, 30, 90, 365];
const EXPIRY_DEFAULT = "90";

/** Makes a key; its secret is shown once, until its owner says that it is copied. */
export function CreateKey() {
  const { text } = useWords();
  const { keys } = text.account;
  const create = useCreateKey();
  return (
    <Card>
      <CardHead title={keys.create} />
      {create.data ? <Secret secret={create.data.secret} onDone={create.reset} /> : <KeyForm create={create} />}
    </Card>
  );
}

function Secret({ secret, onDone }: { secret: string; onDone: () => void }) {
  const { text } = useWords();
  const { keys } = text.account;
  return (
    <div className="space-y-4" aria-live="polite">
      <Note tone="warn" title={keys.secretTitle}>
        {keys.secretText}
      </Note>
      <p data-testid="secret" className="break-all rounded-control bg-sunken p-3 font-mono text-sm">
        {secret}
      </p>
      <div className="flex flex-wrap gap-3">
        <CopyButton text={secret} label={keys.copy} copied={keys.copied} />
        <Button size="small" kind="primary" onClick={onDone}>
          {keys.done}
        </Button>
      </div>
    </div>
  );
}

function KeyForm({ create }: { create: ReturnType<typeof useCreateKey> }) {
  const { text, fill } = useWords();
  const { keys } = text.account;
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<KeyScope[]>([]);
  const [days, setDays] = useState(EXPIRY_DEFAULT);
  const [isTried, setTried] = useState(false);
  const nameProblem = isTried && name.trim() === "" ? text.submit.requiredText : null;
  const scopesProblem = isTried && scopes.length === 0 ? keys.scopesMissing : null;
  const toggle = (scope: KeyScope) => setScopes(scopes.includes(scope) ? scopes.filter((kept) => kept !== scope) : [...scopes, scope]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === "" || scopes.length === 0) return;
    create.mutate({ name: name.trim(), scopes, ...(days === "" ? {} : { expiresInDays: Number(days) }) });
  };
  return (
    <form noValidate onSubmit={submit} className="space-y-5">
      <Field id="key-name" label={keys.name} hint={keys.nameHint} problem={nameProblem}>
        <Input
          {...controlProps("key-name", { hint: true, problem: nameProblem })}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <fieldset className="space-y-2">
        <legend className="mb-1.5 font-medium text-sm">{keys.scopes}</legend>
        {KEY_SCOPES.map((scope) => (
          <Checkbox key={scope} label={text.states.keyScopes[scope]} checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
        ))}
        {scopesProblem ? (
          <p className="text-bad text-sm" role="alert">
            {scopesProblem}
          </p>
        ) : null}
      </fieldset>
      <Field id="key-expiry" label={keys.expiry}>
        <Select id="key-expiry" value={days} onChange={(event) => setDays(event.target.value)}>
          {EXPIRY_DAYS.map((option) => (
            <option key={option} value={option}>
              {fill(keys.expiryDays, { days: option })}
            </option>
          ))}
          <option value="">{keys.expiryNever}</option>
        </Select>
      </Field>
      {create.error ? <ErrorNote error={create.error} isAlert /> : null}
      <Button type="submit" kind="primary" disabled={create.isPending}>
        {keys.create}
      </Button>
    </form>
  );
}
