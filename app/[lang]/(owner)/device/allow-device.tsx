"use client";

import Link from "next/link";
import { type FormEvent, useState } from "react";
import { useDecideLogin, useFindLogin } from "#lib/client/queries/account.ts";
import { LOGIN_CODE, type LoginView } from "#lib/protocol/logins/logins.ts";
import { parseMoney } from "#lib/text/format/edit-money.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";

const CODE_HALF = 4;

/** A code as it is written, whatever case and gaps it was typed with. */
function readCode(text: string): string {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, "");
  return `${letters.slice(0, CODE_HALF)}-${letters.slice(CODE_HALF)}`;
}

/** Lets an owner type a terminal's code, see what it asks for, and decide. The code is never taken from the address: whoever sends a link decides nothing. */
export function AllowDevice({ asset }: { asset: string }) {
  const { text } = useWords();
  const words = text.account.device;
  const find = useFindLogin();
  const [code, setCode] = useState("");
  const [decided, setDecided] = useState<"allowed" | "denied" | null>(null);
  return (
    <Card>
      {decided ? (
        <div aria-live="polite" className="space-y-4">
          <Note>{words[decided]}</Note>
          <Link href="/keys" prefetch={false} className={buttonLook()}>
            {text.account.menu.keys}
          </Link>
        </div>
      ) : null}
      {!decided && find.data ? <Decide login={find.data} code={readCode(code)} asset={asset} onDecided={setDecided} /> : null}
      {decided || find.data ? null : <CodeForm code={code} onCode={setCode} find={find} />}
    </Card>
  );
}

function CodeForm({ code, onCode, find }: { code: string; onCode: (code: string) => void; find: ReturnType<typeof useFindLogin> }) {
  const { text, sayError } = useWords();
  const words = text.account.device;
  const [isTried, setTried] = useState(false);
  const problem = isTried && !LOGIN_CODE.test(readCode(code)) ? words.codeWrong : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (LOGIN_CODE.test(readCode(code))) find.mutate({ code: readCode(code) });
  };
  return (
    <form noValidate onSubmit={submit} className="max-w-sm space-y-5">
      <Field id="login-code" label={words.code} hint={words.codeHint} problem={problem}>
        <Input
          {...controlProps("login-code", { hint: true, problem })}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={20}
          className="font-mono uppercase tracking-widest"
          value={code}
          onChange={(event) => onCode(event.target.value)}
        />
      </Field>
      {find.error ? (
        <Note tone="bad" isAlert>
          {sayError(find.error)}
        </Note>
      ) : null}
      <Button type="submit" kind="primary" disabled={find.isPending}>
        {words.look}
      </Button>
    </form>
  );
}

type DecideProps = { login: LoginView; code: string; asset: string; onDecided: (decision: "allowed" | "denied") => void };

function Decide({ login, code, asset, onDecided }: DecideProps) {
  const { text, fill, sayError } = useWords();
  const words = text.account.device;
  const decide = useDecideLogin();
  const [spend, setSpend] = useState("");
  const micro = spend.trim() === "" ? undefined : parseMoney(spend);
  const problem = micro === null ? words.spendWrong : null;
  const send = (decision: "allowed" | "denied") => {
    if (decision === "allowed" && micro === null) return;
    const limit = decision === "allowed" && micro ? { spendDayMicro: String(micro) } : {};
    decide.mutate({ code, decision, ...limit }, { onSuccess: () => onDecided(decision) });
  };
  return (
    <div className="space-y-5">
      <CardHead title={fill(words.asks, { client: login.client })} />
      <Note tone="warn">{words.warning}</Note>
      <Facts>
        <Fact name={words.origin}>{login.origin}</Fact>
        <Fact name={words.client}>{login.client}</Fact>
        <Fact name={words.scopes}>{login.scopes.map((scope) => text.states.keyScopes[scope]).join(" · ")}</Fact>
        <Fact name={words.expires}>{fill(words.expiresDays, { days: login.expiresInDays })}</Fact>
        <Fact name={words.begun}>
          <Moment at={login.createdAt} />
        </Fact>
      </Facts>
      <Field id="login-spend" label={words.spend} hint={fill(words.spendHint, { asset })} problem={problem}>
        <Input {...controlProps("login-spend", { hint: true, problem })} inputMode="decimal" value={spend} onChange={(event) => setSpend(event.target.value)} />
      </Field>
      {decide.error ? (
        <Note tone="bad" isAlert>
          {sayError(decide.error)}
        </Note>
      ) : null}
      <div className="flex flex-wrap gap-3">
        <Button kind="primary" disabled={decide.isPending} onClick={() => send("allowed")}>
          {words.allow}
        </Button>
        <Button disabled={decide.isPending} onClick={() => send("denied")}>
          {words.deny}
        </Button>
      </div>
    </div>
  );
}
