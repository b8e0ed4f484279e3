"use client";

import { type FormEvent, useState } from "react";
import { useCreateKey } from "#lib/client/queries/account.ts";
import { isId, type JobId } from "#lib/domain/ids.ts";
import { KEY_SCOPES, type KeyScope } from "#lib/protocol/endpoint.ts";
import { LOGIN_SCOPES } from "#lib/protocol/logins/logins.ts";
import { parseMoney } from "#lib/text/format/edit-money.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Checkbox } from "#lib/ui/controls/checkbox.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input, Select } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { ShownOnce } from "#lib/ui/display/shown-once.tsx";

const EXPIRY_DAYS = [7, 30, 90, 365];
const EXPIRY_DEFAULT = "90";

type CreateKeyProps = { asset: string; isOperator: boolean };

/** Makes a key; its secret is shown once, until its owner says that it is copied. What only operators may do is offered to them alone. */
export function CreateKey({ asset, isOperator }: CreateKeyProps) {
  const { text } = useWords();
  const { keys } = text.account;
  const create = useCreateKey();
  return (
    <Card>
      <CardHead title={keys.create} />
      {create.data ? (
        <ShownOnce title={keys.secretTitle} secret={create.data.secret} words={keys} onDone={create.reset}>
          {keys.secretText}
        </ShownOnce>
      ) : (
        <KeyForm create={create} asset={asset} isOperator={isOperator} />
      )}
    </Card>
  );
}

type Limits = { day: string; total: string; job: string };

/** What the fields say, without those left empty; null while one of them is wrong. */
function readLimits({ day, total, job }: Limits): { spendDayMicro?: string; spendTotalMicro?: string; jobId?: JobId } | null {
  const id = job.trim();
  const [dayMicro, totalMicro] = [day, total].map((amount) => (amount.trim() === "" ? undefined : parseMoney(amount)));
  if (dayMicro === null || totalMicro === null || (id !== "" && !isId("job", id))) return null;
  return {
    ...(dayMicro === undefined ? {} : { spendDayMicro: String(dayMicro) }),
    ...(totalMicro === undefined ? {} : { spendTotalMicro: String(totalMicro) }),
    ...(isId("job", id) ? { jobId: id } : {}),
  };
}

type LimitFieldsProps = { limits: Limits; onLimits: (limits: Limits) => void; asset: string; isTried: boolean };

function LimitFields({ limits, onLimits, asset, isTried }: LimitFieldsProps) {
  const { text, fill } = useWords();
  const { keys } = text.account;
  const problemOf = (field: "day" | "total") => (isTried && limits[field].trim() !== "" && parseMoney(limits[field]) === null ? keys.spendWrong : null);
  const jobProblem = isTried && limits.job.trim() !== "" && !isId("job", limits.job.trim()) ? keys.jobWrong : null;
  return (
    <>
      {(["day", "total"] as const).map((field) => (
        <Field
          key={field}
          id={`key-spend-${field}`}
          label={field === "day" ? keys.spendDay : keys.spendTotal}
          hint={fill(keys.spendHint, { asset })}
          problem={problemOf(field)}
        >
          <Input
            {...controlProps(`key-spend-${field}`, { hint: true, problem: problemOf(field) })}
            inputMode="decimal"
            value={limits[field]}
            onChange={(event) => onLimits({ ...limits, [field]: event.target.value })}
          />
        </Field>
      ))}
      <Field id="key-job" label={keys.job} hint={keys.jobHint} problem={jobProblem}>
        <Input
          {...controlProps("key-job", { hint: true, problem: jobProblem })}
          value={limits.job}
          onChange={(event) => onLimits({ ...limits, job: event.target.value })}
        />
      </Field>
    </>
  );
}

function KeyForm({ create, asset, isOperator }: CreateKeyProps & { create: ReturnType<typeof useCreateKey> }) {
  const { text, fill } = useWords();
  const { keys } = text.account;
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<KeyScope[]>([]);
  const [days, setDays] = useState(EXPIRY_DEFAULT);
  const [limits, setLimits] = useState<Limits>({ day: "", total: "", job: "" });
  const [isTried, setTried] = useState(false);
  const nameProblem = isTried && name.trim() === "" ? text.submit.requiredText : null;
  const scopesProblem = isTried && scopes.length === 0 ? keys.scopesMissing : null;
  const toggle = (scope: KeyScope) => setScopes(scopes.includes(scope) ? scopes.filter((kept) => kept !== scope) : [...scopes, scope]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const read = readLimits(limits);
    if (name.trim() === "" || scopes.length === 0 || !read) return;
    create.mutate({ name: name.trim(), scopes, ...read, ...(days === "" ? {} : { expiresInDays: Number(days) }) });
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
        {(isOperator ? KEY_SCOPES : LOGIN_SCOPES).map((scope) => (
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
      <LimitFields limits={limits} onLimits={setLimits} asset={asset} isTried={isTried} />
      {create.error ? <ErrorNote error={create.error} isAlert /> : null}
      <Button type="submit" kind="primary" disabled={create.isPending}>
        {keys.create}
      </Button>
    </form>
  );
}
