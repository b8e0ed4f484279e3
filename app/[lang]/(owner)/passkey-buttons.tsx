"use client";

import { KeyRound } from "lucide-react";
import { useEnter, usePasskeySupport } from "#lib/client/passkeys/use-passkeys.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";

/** The way in without a wallet: a passkey one has, or a new account with one. */
export function PasskeyButtons({ onEntered }: { onEntered: () => void }) {
  const { text } = useWords();
  const { passkeys } = text.account;
  const isSupported = usePasskeySupport();
  const enter = useEnter(onEntered);
  if (!isSupported) return <Note>{passkeys.noSupport}</Note>;
  const isBusy = enter.isPending || enter.isSuccess;
  const label = (how: "sign-in" | "account", idle: string) => (isBusy && enter.variables === how ? passkeys.waiting : idle);
  return (
    <div className="space-y-3">
      <Button kind="primary" size="large" className="w-full" disabled={isBusy} onClick={() => enter.mutate("sign-in")}>
        <KeyRound aria-hidden />
        {label("sign-in", passkeys.signIn)}
      </Button>
      <Button size="large" className="w-full" disabled={isBusy} onClick={() => enter.mutate("account")}>
        {label("account", passkeys.create)}
      </Button>
      <p className="text-quiet text-sm">{passkeys.about}</p>
      {enter.error ? <ErrorNote error={enter.error} isAlert /> : null}
    </div>
  );
}
