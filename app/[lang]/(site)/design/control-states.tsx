"use client";

import { ArrowRight } from "lucide-react";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { Checkbox } from "#lib/ui/controls/checkbox.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { CopyButton } from "#lib/ui/controls/copy-button.tsx";
import { buttonProps, controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input, Select, TextArea, UnitInput } from "#lib/ui/controls/input.tsx";
import { QuestionButton } from "#lib/ui/controls/question-button.tsx";
import { ReportButton } from "#lib/ui/controls/report-button.tsx";
import { toasts } from "#lib/ui/feedback/toast-store.ts";
import { Toasts } from "#lib/ui/feedback/toasts.tsx";
import { Shown } from "./shown.tsx";

const KINDS = ["primary", "secondary", "quiet", "danger"] as const;
const SIZES = ["small", "medium", "large"] as const;
const HINT = "What is asked for, in a sentence.";
const PROBLEM = "It must be a whole number above 0.";

/** Everything that is pressed, typed into or chosen. */
export function ControlStates() {
  return (
    <>
      <Shown name="Button">
        {KINDS.flatMap((kind) =>
          SIZES.map((size) => (
            <Button key={`${kind}-${size}`} kind={kind} size={size}>
              {kind}
            </Button>
          )),
        )}
        {KINDS.map((kind) => (
          <Button key={kind} kind={kind} disabled>
            disabled
          </Button>
        ))}
        <Button aria-disabled>busy</Button>
        <Button size="icon" aria-label="icon">
          <ArrowRight aria-hidden />
        </Button>
        <Button size="iconLarge" aria-label="large icon">
          <ArrowRight aria-hidden />
        </Button>
        <a href="#content" className={buttonLook({ kind: "primary" })}>
          a link that acts
        </a>
      </Shown>
      <Shown name="Checkbox">
        <Checkbox label="off" />
        <Checkbox label="on" defaultChecked />
        <Checkbox label="disabled" disabled />
        <Checkbox label="on and disabled" disabled defaultChecked />
      </Shown>
      <Shown name="QuestionButton, ConfirmButton, CopyButton">
        <QuestionButton label="Ask" title="What is asked?" kind="secondary">
          {(close) => (
            <Button className="mt-4" onClick={close}>
              Answer
            </Button>
          )}
        </QuestionButton>
        <ConfirmButton label="Delete" title="Delete this job?" confirm="Delete" keep="Keep it" onConfirm={() => toasts.show("Deleted.")}>
          <p>What is lost, and what comes back.</p>
        </ConfirmButton>
        <ConfirmButton label="Delete" size="small" disabled title="" confirm="" keep="" onConfirm={() => undefined}>
          {null}
        </ConfirmButton>
        <CopyButton text="copied" label="Copy" copied="Copied" />
      </Shown>
      <Shown name="ReportButton">
        <ReportButton jobName="Tides of the coast" onReport={() => Promise.resolve()} />
        <ReportButton jobName="One that fails" onReport={() => Promise.reject(new Error("The instance cannot be reached."))} />
      </Shown>
      <FieldStates />
      <Shown name="Toasts">
        <Button onClick={() => toasts.show("Paused. No new shards are given out.", { label: "Undo", run: () => toasts.show("Undone.") })}>with undo</Button>
        <Button onClick={() => toasts.show("Copied.")}>without</Button>
        <Toasts />
      </Shown>
    </>
  );
}

function FieldStates() {
  const id = (name: string) => `gallery-${name}`;
  return (
    <Shown name="Field, Input, TextArea, Select, UnitInput">
      <Field id={id("empty")} label="empty" hint={HINT}>
        <Input {...controlProps(id("empty"), { hint: HINT })} placeholder="placeholder" />
      </Field>
      <Field id={id("filled")} label="filled">
        <Input {...controlProps(id("filled"), {})} defaultValue="tides.wasm" />
      </Field>
      <Field id={id("wrong")} label="wrong" hint={HINT} problem={PROBLEM}>
        <Input {...controlProps(id("wrong"), { hint: HINT, problem: PROBLEM })} defaultValue="-1" />
      </Field>
      <Field id={id("disabled")} label="disabled">
        <Input {...controlProps(id("disabled"), {})} disabled defaultValue="fixed" />
      </Field>
      <Field id={id("area")} label="several lines">
        <TextArea {...controlProps(id("area"), {})} defaultValue={"one\ntwo"} />
      </Field>
      <Field id={id("select")} label="one of a few">
        <Select {...controlProps(id("select"), {})}>
          <option>FASTA records</option>
          <option>Lines</option>
        </Select>
      </Field>
      <Field id={id("unit")} label="with a unit" problem={PROBLEM}>
        <UnitInput {...controlProps(id("unit"), { problem: PROBLEM })} unit="MiB" defaultValue="64" />
      </Field>
      <Field id={id("button")} label="a button as control" hint={HINT}>
        <Button {...buttonProps(id("button"), { hint: HINT })}>Choose a file</Button>
      </Field>
    </Shown>
  );
}
