"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { rulesQuery, useRemoveRule, useSetRule } from "#lib/client/queries/operations.ts";
import { RULE_VERDICTS, type RuleVerdict } from "#lib/domain/policy/decide-admission.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input, Select } from "#lib/ui/controls/input.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Asked } from "./asked.tsx";

const CHARS_MIN = 3;
const CHARS_MAX = 400;

/** Programs and accounts that operators allowed or denied. */
export function RuleCard() {
  const { rules: words } = useWords().text.admin;
  const query = useQuery(rulesQuery);
  return (
    <Card aria-labelledby="admin-rules">
      <CardHead id="admin-rules" title={words.title} />
      <Asked query={query}>
        {(rules) =>
          rules.length === 0 ? (
            <p className="text-quiet text-sm">{words.none}</p>
          ) : (
            <ul className="max-h-96 divide-y divide-line overflow-y-auto text-sm">
              {rules.map((rule) => (
                <RuleRow key={rule.subject} {...rule} />
              ))}
            </ul>
          )
        }
      </Asked>
      <RuleForm />
    </Card>
  );
}

type Rule = { subject: string; kind: "program" | "account"; verdict: RuleVerdict; reason: string; decidedAt: string };

function RuleRow({ subject, kind, verdict, reason, decidedAt }: Rule) {
  const { text, fill } = useWords();
  const { rules: words } = text.admin;
  const remove = useRemoveRule();
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3 first:pt-0">
      <div className="min-w-0 flex-1 basis-48 [overflow-wrap:anywhere]">
        <p className="flex flex-wrap items-center gap-2 text-quiet text-xs">
          <Badge tone={verdict === "allow" ? "good" : "bad"}>{words.verdicts[verdict]}</Badge>
          {kind === "program" ? words.programs : words.accounts} · <Moment at={decidedAt} />
        </p>
        <p className="mt-1 font-mono text-xs">{subject}</p>
        <p>{reason}</p>
      </div>
      <Button size="small" disabled={remove.isPending} aria-label={fill(words.removeOf, { subject })} onClick={() => remove.mutate({ subject })}>
        {words.remove}
      </Button>
      {remove.error ? <ErrorNote error={remove.error} className="w-full" isAlert /> : null}
    </li>
  );
}

function RuleForm() {
  const { text, fill } = useWords();
  const { rules: words, reason: why } = text.admin;
  const [subject, setSubject] = useState("");
  const [verdict, setVerdict] = useState<RuleVerdict>("deny");
  const [reason, setReason] = useState("");
  const set = useSetRule();
  const send = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(
      { subject: subject.trim(), verdict, reason: reason.trim() },
      {
        onSuccess: () => {
          setSubject("");
          setReason("");
        },
      },
    );
  };
  return (
    <form onSubmit={send} className="mt-6 grid gap-4">
      <Field id="rule-subject" label={words.subject} hint={words.subjectHint}>
        <Input
          {...controlProps("rule-subject", { hint: words.subjectHint })}
          required
          spellCheck={false}
          value={subject}
          onChange={(event) => setSubject(event.target.value)}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <Field id="rule-verdict" label={words.verdict}>
          <Select
            {...controlProps("rule-verdict", {})}
            value={verdict}
            onChange={(event) => setVerdict(RULE_VERDICTS.find((each) => each === event.target.value) ?? "deny")}
          >
            {RULE_VERDICTS.map((each) => (
              <option key={each} value={each}>
                {words.verdicts[each]}
              </option>
            ))}
          </Select>
        </Field>
        <Field id="rule-reason" label={why}>
          <Input
            {...controlProps("rule-reason", {})}
            required
            minLength={CHARS_MIN}
            maxLength={CHARS_MAX}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
      </div>
      <p className="text-quiet text-sm">{words.denies}</p>
      {set.error ? <ErrorNote error={set.error} isAlert /> : null}
      {set.data && set.data.takenDown.length > 0 ? (
        <p role="status" className="text-sm">
          {fill(words.ended, { count: set.data.takenDown.length })}
        </p>
      ) : null}
      <Button type="submit" className="justify-self-start" disabled={set.isPending}>
        {words.set}
      </Button>
    </form>
  );
}
