"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { EXPORT_URL, meQuery, useDeleteMe, useSignOut } from "#lib/client/queries/account.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";

/** What an owner can do with what is stored about them: take it along, end every session, delete the account. */
export function AccountData() {
  const router = useRouter();
  const { text, format, fill } = useWords();
  const { data, menu } = text.account;
  const { data: account } = useQuery(meQuery);
  const signOut = useSignOut();
  const remove = useDeleteMe();
  const isBusy = signOut.isPending || remove.isPending || remove.isSuccess;
  return (
    <>
      <Part title={data.export} about={data.exportText}>
        <a href={EXPORT_URL} download="shoal-account.json" className={buttonLook()}>
          <Download aria-hidden />
          {data.exportAction}
        </a>
      </Part>
      <Part title={data.sessions} about={data.sessionsText} error={signOut.error}>
        <Button disabled={isBusy} onClick={() => signOut.mutate({ everywhere: true }, { onSuccess: () => router.refresh() })}>
          {menu.signOutEverywhere}
        </Button>
      </Part>
      <Part title={data.delete} about={data.deleteText} error={remove.error}>
        <ConfirmButton
          label={data.deleteAction}
          title={data.deleteTitle}
          confirm={data.deleteAction}
          keep={data.keep}
          disabled={isBusy}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => router.push("/") })}
        >
          <p>{data.lost}</p>
          {account ? <p>{fill(data.lostMoney, { balance: format.money(account.balance.availableMicro, account.balance.asset) })}</p> : null}
          <p>{data.kept}</p>
        </ConfirmButton>
      </Part>
    </>
  );
}

function Part({ title, about, error = null, children }: { title: string; about: string; error?: Error | null; children: ReactNode }) {
  return (
    <Card>
      <CardHead title={title} />
      <p className="mb-4 max-w-prose text-quiet text-sm">{about}</p>
      {children}
      {error ? <ErrorNote error={error} className="mt-4" isAlert /> : null}
    </Card>
  );
}
