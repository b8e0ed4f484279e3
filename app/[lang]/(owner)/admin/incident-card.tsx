"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { openIncidentsQuery, useEndIncident, usePostIncident } from "#lib/client/queries/operations.ts";
import { INCIDENT_KINDS, type IncidentKind } from "#lib/domain/operations/incident.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Select, TextArea } from "#lib/ui/controls/input.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Asked } from "./asked.tsx";

const CHARS_MIN = 3;
const CHARS_MAX = 400;

/** What operators tell everybody on the status page: to tell it, and to end it. */
export function IncidentCard() {
  const { incidents: words } = useWords().text.admin;
  const query = useQuery(openIncidentsQuery);
  const end = useEndIncident();
  return (
    <Card aria-labelledby="admin-incidents">
      <CardHead id="admin-incidents" title={words.title} />
      <TellForm />
      <h3 className="mt-6 mb-3 font-medium text-sm">{words.open}</h3>
      <Asked query={query}>
        {(incidents) =>
          incidents.length === 0 ? (
            <p className="text-quiet text-sm">{words.none}</p>
          ) : (
            <ul className="divide-y divide-line text-sm">
              {incidents.map(({ no, kind, text: told, startedAt }) => (
                <li key={no} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
                  <div className="min-w-0 flex-1 basis-48 [overflow-wrap:anywhere]">
                    <p className="mb-1 flex flex-wrap items-center gap-2 text-quiet text-xs">
                      <Badge tone={kind === "notice" ? "accent" : "warn"}>{words.kinds[kind]}</Badge>
                      <Moment at={startedAt} />
                    </p>
                    <p>{told}</p>
                  </div>
                  <EndButton text={told} disabled={end.isPending} onEnd={() => end.mutate({ no })} />
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
      {end.error ? <ErrorNote error={end.error} className="mt-3" isAlert /> : null}
    </Card>
  );
}

function EndButton({ text, disabled, onEnd }: { text: string; disabled: boolean; onEnd: () => void }) {
  const {
    text: {
      admin: { incidents: words },
    },
    fill,
  } = useWords();
  return (
    <Button size="small" disabled={disabled} aria-label={fill(words.endOf, { text })} onClick={onEnd}>
      {words.end}
    </Button>
  );
}

function TellForm() {
  const { incidents: words } = useWords().text.admin;
  const [kind, setKind] = useState<IncidentKind>("notice");
  const [written, setWritten] = useState("");
  const post = usePostIncident();
  // Everybody reads one line.
  const line = written.replace(/\s+/g, " ").trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    post.mutate({ kind, text: line }, { onSuccess: () => setWritten("") });
  };
  return (
    <form onSubmit={send} className="grid gap-4">
      <p className="text-quiet text-sm">{words.lead}</p>
      <Field id="incident-kind" label={words.kind}>
        <Select
          {...controlProps("incident-kind", {})}
          value={kind}
          onChange={(event) => setKind(INCIDENT_KINDS.find((each) => each === event.target.value) ?? "notice")}
        >
          {INCIDENT_KINDS.map((each) => (
            <option key={each} value={each}>
              {words.kinds[each]}
            </option>
          ))}
        </Select>
      </Field>
      <Field id="incident-text" label={words.text} hint={words.textHint}>
        <TextArea
          {...controlProps("incident-text", { hint: words.textHint })}
          required
          minLength={CHARS_MIN}
          maxLength={CHARS_MAX}
          value={written}
          onChange={(event) => setWritten(event.target.value)}
        />
      </Field>
      {post.error ? <ErrorNote error={post.error} isAlert /> : null}
      <Button type="submit" className="justify-self-start" disabled={post.isPending || line.length < CHARS_MIN}>
        {words.post}
      </Button>
    </form>
  );
}
