"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { passkeysQuery, useAddPasskey, usePasskeySupport, useRemovePasskey } from "#lib/client/passkeys/use-passkeys.ts";
import { meQuery } from "#lib/client/queries/account.ts";
import { useAddWallet } from "#lib/client/wallet/use-sign-in.ts";
import type { PasskeyView } from "#lib/protocol/accounts/passkey-view.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Field } from "#lib/ui/controls/field.tsx";
import { Input } from "#lib/ui/controls/input.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { SignInWays } from "../sign-in-card.tsx";
import { WalletButtons } from "../wallet-buttons.tsx";
import { RemovableRow } from "./removable-row.tsx";

type Instance = { chainId: number; isDemo: boolean };

/** How one gets into the account: its passkeys and its wallet, with what adds and removes them. */
export function WaysIn(instance: Instance) {
  const { text } = useWords();
  const words = text.account.passkeys;
  const { data: passkeys, error, refetch } = useQuery(passkeysQuery);
  const { data: account } = useQuery(meQuery);
  return (
    <Card>
      <CardHead title={words.title} />
      <p className="max-w-prose text-quiet text-sm">{words.lead}</p>
      {error ? <RefreshNote className="mt-4" error={error} hasOlder={passkeys !== undefined} onRetry={() => void refetch()} /> : null}
      {!passkeys && !error ? <Skeleton className="mt-4" label={text.site.loading} /> : null}
      <ul className="mt-4 divide-y divide-line">
        {passkeys?.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} instance={instance} />
        ))}
      </ul>
      {passkeys?.length === 0 ? <p className="text-sm">{words.empty}</p> : null}
      <AddPasskey instance={instance} />
      {account ? <WalletPart address={account.address} accountId={account.id} instance={instance} /> : null}
    </Card>
  );
}

function PasskeyRow({ passkey, instance }: { passkey: PasskeyView; instance: Instance }) {
  const { text, fill } = useWords();
  const words = text.account.passkeys;
  const remove = useRemovePasskey();
  return (
    <RemovableRow
      name={passkey.name}
      known={
        <>
          {words.made} <Moment at={passkey.createdAt} />
          {" · "}
          {passkey.lastUsedAt ? (
            <>
              {words.used} <Moment at={passkey.lastUsedAt} />
            </>
          ) : (
            words.unused
          )}
        </>
      }
      badge={<Badge tone={passkey.isBackedUp ? "good" : "neutral"}>{passkey.isBackedUp ? words.backedUp : words.oneDevice}</Badge>}
      problem={<Refusal error={remove.error} instance={instance} onAgain={remove.reset} />}
    >
      <ConfirmButton
        size="small"
        label={words.remove}
        accessibleName={`${words.remove} ${passkey.name}`}
        title={fill(words.removeTitle, { name: passkey.name })}
        confirm={words.remove}
        keep={words.keep}
        disabled={remove.isPending}
        onConfirm={() => remove.mutate({ passkeyId: passkey.id })}
      >
        <p>{words.removeText}</p>
      </ConfirmButton>
    </RemovableRow>
  );
}

function AddPasskey({ instance }: { instance: Instance }) {
  const { text } = useWords();
  const words = text.account.passkeys;
  const add = useAddPasskey();
  const [name, setName] = useState("");
  const isSupported = usePasskeySupport();
  if (!isSupported) return <Note className="mt-4">{words.noSupport}</Note>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(name.trim(), { onSuccess: () => setName("") });
  };
  return (
    <form onSubmit={submit} className="mt-4 border-line border-t pt-4">
      <div className="flex flex-wrap items-end gap-3">
        <Field id="passkey-name" label={words.name} className="flex-1 basis-48">
          <Input id="passkey-name" value={name} maxLength={60} placeholder={words.namePlaceholder} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Button type="submit" disabled={add.isPending}>
          {add.isPending ? words.waiting : words.add}
        </Button>
      </div>
      <Refusal error={add.error} instance={instance} onAgain={add.reset} />
    </form>
  );
}

function WalletPart({ address, accountId, instance }: { address: string | null; accountId: string; instance: Instance }) {
  const { text } = useWords();
  const { wallet } = text.account;
  const add = useAddWallet(instance.chainId, accountId);
  return (
    <div className="mt-5 border-line border-t pt-4">
      <h3 className="font-medium text-sm">{wallet.title}</h3>
      {address ? (
        <p className="mt-1 break-all font-mono text-quiet text-xs">{address}</p>
      ) : (
        <>
          <p className="mt-1 mb-3 max-w-prose text-quiet text-sm">{wallet.addText}</p>
          <WalletButtons isDemo={instance.isDemo} asking={add.variables?.name ?? null} isBusy={add.isPending} use={wallet.use} onChoose={add.mutate} />
          <Refusal error={add.error} instance={instance} onAgain={add.reset} />
        </>
      )}
    </div>
  );
}

/** Why it did not go; where the session is too old for it, the way to sign in again is right here. */
function Refusal({ error, instance, onAgain }: { error: Error | null; instance: Instance; onAgain: () => void }) {
  if (!error) return null;
  const isOld = error instanceof ApiError && error.code === "session_old";
  return (
    <div className="mt-3">
      <ErrorNote error={error} isAlert />
      {isOld ? <SignInWays {...instance} onEntered={onAgain} /> : null}
    </div>
  );
}
