"use client";

import { useQuery } from "@tanstack/react-query";
import { ChevronDown, CircleUser } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { meQuery, useSignOut } from "#lib/client/queries/account.ts";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { cn } from "#lib/ui/class-names.ts";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";

const PANEL = "account-panel";

/** Who is signed in, the balance, and the ways to keys and out; nothing while nobody is. */
export function AccountMenu() {
  const { text, format } = useWords();
  const { menu } = text.account;
  const router = useRouter();
  const { data: account } = useQuery(meQuery);
  const signOut = useSignOut();
  if (!account) return null;
  const name = account.address ?? account.id;
  const { availableMicro, escrowMicro, asset } = account.balance;
  const leave = (everywhere: boolean) => signOut.mutate({ everywhere }, { onSuccess: () => router.refresh() });
  return (
    <>
      <button
        type="button"
        popoverTarget={PANEL}
        aria-label={`${menu.label} ${shortAccountName(name)}`}
        className={cn(buttonLook({ kind: "quiet" }), "max-sm:w-10 max-sm:px-0")}
      >
        <CircleUser aria-hidden className="sm:hidden" />
        <span className="font-mono text-xs max-sm:hidden">{shortAccountName(name)}</span>
        <ChevronDown aria-hidden className="max-sm:hidden" />
      </button>
      <div
        id={PANEL}
        popover="auto"
        className="fixed inset-auto top-14 right-2 m-0 w-80 max-w-[calc(100vw-1rem)] rounded-card border border-line bg-surface p-5 text-ink shadow-lifted sm:right-6"
      >
        <p className="break-all font-mono text-quiet text-xs">{name}</p>
        <Facts className="my-3">
          <Fact name={menu.balance}>{format.money(availableMicro, asset)}</Fact>
          <Fact name={menu.escrow}>{format.money(escrowMicro, asset)}</Fact>
        </Facts>
        <div className="flex flex-col gap-2">
          <Link href="/rewards" className={buttonLook({ size: "small" })}>
            {menu.rewards}
          </Link>
          <Link href="/billing" className={buttonLook({ size: "small" })}>
            {menu.billing}
          </Link>
          <Link href="/account" className={buttonLook({ size: "small" })}>
            {menu.data}
          </Link>
          <Link href="/keys" className={buttonLook({ size: "small" })}>
            {menu.keys}
          </Link>
          {account.roles.includes("operator") ? (
            <Link href="/admin" className={buttonLook({ size: "small" })}>
              {menu.operate}
            </Link>
          ) : null}
          <Button size="small" disabled={signOut.isPending} onClick={() => leave(false)}>
            {menu.signOut}
          </Button>
          <Button size="small" kind="quiet" disabled={signOut.isPending} onClick={() => leave(true)}>
            {menu.signOutEverywhere}
          </Button>
        </div>
        {signOut.error ? <ErrorNote error={signOut.error} className="mt-3" isAlert /> : null}
      </div>
    </>
  );
}
