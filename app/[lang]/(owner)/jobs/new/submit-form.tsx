"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useState } from "react";
import { checkForm } from "#lib/client/queries/submission/check-form.ts";
import { useSubmission } from "#lib/client/queries/submission/use-submission.ts";
import { useTrial } from "#lib/client/trial/use-trial.ts";
import { useTrialRequest } from "#lib/client/trial/use-trial-request.ts";
import type { AccountId, PoolId } from "#lib/domain/ids.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { JobJson } from "#lib/protocol/jobs/job-json.ts";
import type { TemplateId } from "#lib/protocol/templates/templates.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Checkbox } from "#lib/ui/controls/checkbox.tsx";
import { controlProps, fieldIds } from "#lib/ui/controls/field.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { CheckingFields } from "./checking-fields.tsx";
import { CostCard } from "./cost-card.tsx";
import { DraftCard, DraftElsewhere } from "./draft-card.tsx";
import { DropArea } from "./drop-area.tsx";
import { EstimateCard } from "./estimate-card.tsx";
import { AboutFields, LimitFields } from "./plain-fields.tsx";
import { ProgramFields } from "./program-fields.tsx";
import { ResultFields } from "./result-fields.tsx";
import { SlicingFields } from "./slicing-fields.tsx";
import { SubmitProgress } from "./submit-progress.tsx";
import { TemplateStart } from "./template-start.tsx";
import { TrialCard } from "./trial-card.tsx";
import { TurnFields } from "./turn-fields.tsx";
import { type JobFormState, useJobForm } from "./use-job-form.ts";

type SubmitFormProps = {
  account: AccountId;
  copied: JobJson | null;
  feeBps: number;
  asset: string;
  termsVersion: string;
  template: TemplateId | null;
  pool: PoolId | null;
};

/** Everything a submission needs, and what is wrong with it where it can be corrected. Nothing that was entered is lost by a refusal or a lost connection. */
export function SubmitForm({ account, copied, feeBps, asset, termsVersion, template, pool }: SubmitFormProps) {
  const words = useWords();
  const { submit } = words.text;
  const router = useRouter();
  const state = useJobForm(account, { copied, pool });
  const trial = useTrial();
  const trialRequest = useTrialRequest(state.form);
  const [terms, setTerms] = useState(termsVersion);
  const element = useRef<HTMLFormElement>(null);
  // After React has shown the problems: the first wrong field is where the person goes on.
  const showFirstProblem = () => setTimeout(() => element.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-invalid=true]")?.focus());
  const submission = useSubmission({
    submitted: (job) => {
      const go = () => router.push(`/jobs/${job.id}`);
      // Whoever leaves the page of the job at once must not find its draft again and submit it twice.
      state.draft.forget().then(go, go);
    },
    refused: (error) => {
      if (error instanceof ApiError && error.code === "text_changed") {
        // What was agreed to is not what holds: the box is for the new text.
        setTerms(String(error.params.want));
        state.set("isConfirmed", false);
      }
      state.refuse(error);
      showFirstProblem();
    },
    stopped: () => state.say({ tone: "info", text: submit.stopped }),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    const checked = checkForm(state.form, words);
    state.say(null);
    state.show(checked.ok ? {} : checked.problems);
    if (checked.ok) submission.submit({ form: state.form, spec: checked.spec, terms });
    else showFirstProblem();
  };
  return (
    <form ref={element} noValidate onSubmit={send} className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <fieldset disabled={submission.isBusy} className="grid min-w-0 gap-4">
        <legend className="sr-only">{submit.title}</legend>
        <Note tone="warn" title={submit.readable.title}>
          {submit.readable.text}
        </Note>
        <DraftElsewhere state={state} />
        <TemplateStart template={template} state={state} />
        <DropArea onFiles={(files) => void state.take(files)} />
        {state.notice ? (
          <Note tone={state.notice.tone} isAlert>
            {state.notice.text}
          </Note>
        ) : null}
        <ProgramFields state={state} />
        <SlicingFields state={state} />
        <AboutFields state={state} />
        <LimitFields state={state} />
        <ResultFields state={state} />
        <CheckingFields state={state} feeBps={feeBps} asset={asset} />
        <TurnFields state={state} />
        <TrialCard state={state} trial={trial} request={trialRequest} />
      </fieldset>
      <div className="grid min-w-0 gap-4 lg:sticky lg:top-4">
        <CostCard form={state.form} feeBps={feeBps} asset={asset} />
        <EstimateCard form={state.form} trial={trial.view} request={trialRequest} asset={asset} />
        <Card>
          <CardHead title={submit.submit} />
          <Confirmation state={state} terms={terms} isBusy={submission.isBusy} />
          {Object.keys(state.problems).length > 0 ? (
            <Note tone="bad" className="mt-4" isAlert>
              {submit.problems}
            </Note>
          ) : null}
          {submission.step && submission.isBusy ? (
            <SubmitProgress step={submission.step} onStop={submission.stop} />
          ) : (
            <Button type="submit" kind="primary" size="large" className="mt-4 w-full">
              {submit.submit}
            </Button>
          )}
        </Card>
        <DraftCard state={state} onProblems={showFirstProblem} />
      </div>
    </form>
  );
}

function Confirmation({ state, terms, isBusy }: { state: JobFormState; terms: string; isBusy: boolean }) {
  const { text, fill } = useWords();
  const { readable } = text.submit;
  const problem = state.problems.isConfirmed;
  return (
    <div className="space-y-1.5">
      <Checkbox
        {...controlProps("isConfirmed", { problem })}
        label={fill(readable.confirm, { version: terms })}
        checked={state.form.isConfirmed}
        disabled={isBusy}
        onChange={(event) => state.set("isConfirmed", event.target.checked)}
      />
      {/* A tab of its own: what was entered stays. */}
      <a href="/terms" target="_blank" rel="noreferrer" className="ml-7 rounded-control text-sm underline underline-offset-4">
        {readable.terms}
      </a>
      {problem ? (
        <p id={fieldIds("isConfirmed").problemId} className="text-bad text-sm" role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
