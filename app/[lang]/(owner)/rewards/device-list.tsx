"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { balancesQuery, chainQuery, myDevicesQuery, useCloseDevice, useUnlinkDevice } from "#lib/client/queries/money.ts";
import type { AccountWallet } from "#lib/client/wallet/account-wallet.ts";
import { ChainError } from "#lib/client/wallet/chain-problem.ts";
import { thisDeviceQuery } from "#lib/client/wallet/this-device.ts";
import type { AccountId } from "#lib/domain/ids.ts";
import type { AccountView } from "#lib/protocol/accounts/accounts.ts";
import type { MyDevice } from "#lib/protocol/devices/devices-of-account.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button, buttonLook } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { SignInWays } from "../sign-in-card.tsx";
import { WalletGate } from "../transaction/wallet-gate.tsx";

/** Whose devices they are, at which instance. */
type OwnAccount = Pick<AccountView, "id" | "address"> & { instance: { chainId: number; isDemo: boolean } };

/** The account's devices, and the way to link the browser one sits in front of. */
export function DeviceList({ account }: { account: OwnAccount }) {
  const { text } = useWords();
  const words = text.rewards.devices;
  const { data: devices, error, refetch } = useQuery(myDevicesQuery);
  const { data: here } = useQuery(thisDeviceQuery);
  return (
    <Card>
      <CardHead title={words.title} />
      {error ? <RefreshNote error={error} hasOlder={devices !== undefined} onRetry={() => void refetch()} /> : null}
      {!devices && !error ? <Skeleton label={text.site.loading} /> : null}
      {devices ? <p className="text-quiet text-sm">{devices.length > 0 ? words.text : words.none}</p> : null}
      {devices && devices.length > 0 ? (
        <ul className="mt-2 divide-y divide-line">
          {devices.map((device) => (
            <DeviceItem key={device.id} device={device} isHere={here?.deviceId === device.id} />
          ))}
        </ul>
      ) : null}
      {account.address ? null : <p className="mt-3 text-quiet text-sm">{words.noWallet}</p>}
      <ThisBrowser account={account} />
    </Card>
  );
}

function DeviceItem({ device, isHere }: { device: MyDevice; isHere: boolean }) {
  const { text, format, fill } = useWords();
  const words = text.rewards.devices;
  const asset = useQuery(balancesQuery).data?.asset;
  const unlink = useUnlinkDevice();
  const close = useCloseDevice();
  const error = unlink.error ?? close.error;
  const isBusy = unlink.isPending || close.isPending;
  return (
    <li className="py-4">
      <p className="flex flex-wrap items-center gap-2 font-medium text-sm">
        {words[device.kind]} · {format.count(device.cores, words.cores)}
        {isHere ? <Badge tone="accent">{words.thisBrowser}</Badge> : null}
        {device.closedAt ? <Badge>{words.closed}</Badge> : null}
      </p>
      <Facts className="my-2">
        <Fact name={words.earned}>{format.money(device.earnedMicro, asset)}</Fact>
        <Fact name={words.pending}>{format.money(device.pendingMicro, asset)}</Fact>
        <Fact name={words.reserved}>{format.money(device.reservedMicro, asset)}</Fact>
        <Fact name={words.seen}>
          <Moment at={device.lastSeenAt} />
        </Fact>
      </Facts>
      <div className="flex flex-wrap gap-2">
        <ConfirmButton
          size="small"
          label={words.unlink}
          title={words.unlinkTitle}
          confirm={words.unlink}
          keep={words.keep}
          disabled={isBusy}
          onConfirm={() => unlink.mutate(device.id)}
        >
          <p>{fill(words.unlinkText, { amount: format.money(device.pendingMicro, asset) })}</p>
        </ConfirmButton>
        {device.closedAt ? null : (
          <ConfirmButton
            size="small"
            label={words.close}
            title={words.closeTitle}
            confirm={words.close}
            keep={words.keep}
            disabled={isBusy}
            onConfirm={() => close.mutate(device.id)}
          >
            <p>{fill(words.closeText, { amount: format.money(device.reservedMicro, asset) })}</p>
          </ConfirmButton>
        )}
      </div>
      {error ? <ErrorNote error={error} className="mt-3" isAlert /> : null}
    </li>
  );
}

/** Links the browser one sits in front of, where it has computed and belongs to nobody. */
function ThisBrowser({ account }: { account: OwnAccount }) {
  const { text, format, fill } = useWords();
  const words = text.rewards.devices;
  const { data: here, isPending } = useQuery(thisDeviceQuery);
  if (isPending || here?.accountId === account.id) return null;
  if (here?.accountId) return <Note className="mt-4">{fill(words.ownedByOther, { address: here.address ?? here.accountId })}</Note>;
  if (here === null)
    return (
      <div className="mt-4 space-y-3 border-line border-t pt-4 text-sm">
        <p className="text-quiet">{words.noKey}</p>
        <Link href="/volunteer" className={buttonLook({ size: "small" })}>
          {words.lend}
        </Link>
      </div>
    );
  return (
    <div className="mt-4 space-y-3 border-line border-t pt-4 text-sm">
      <p>{here ? fill(words.linkText, { amount: format.money(here.earnedMicro) }) : words.linkUnknown}</p>
      {account.address ? (
        <WalletGate address={account.address}>{(wallet) => <LinkButton account={wallet} instance={account.instance} />}</WalletGate>
      ) : (
        <LinkButton account={account.id} instance={account.instance} />
      )}
    </div>
  );
}

function LinkButton({ account, instance }: { account: AccountWallet | AccountId; instance: OwnAccount["instance"] }) {
  const { text, fill } = useWords();
  const words = text.rewards.devices;
  const client = useQueryClient();
  const pool = useQuery(chainQuery).data?.pool;
  const link = useMutation({
    mutationFn: async () => await (await import("#lib/client/wallet/link-browser.ts")).linkBrowser(account),
    onSettled: () => client.invalidateQueries({ queryKey: ["money"] }),
  });
  const { error } = link;
  return (
    <>
      <Button kind="primary" disabled={link.isPending} onClick={() => link.mutate()}>
        {link.isPending ? words.linking : words.link}
      </Button>
      {error instanceof ChainError ? (
        <Note tone="bad" isAlert>
          {fill(text.wallet.problems[error.problem], { detail: error.detail, network: pool?.chainName ?? "", coin: pool?.coin ?? "" })}
        </Note>
      ) : error ? (
        <>
          <ErrorNote error={error} isAlert />
          {/* A session that is too old for it begins anew right here. */}
          {error instanceof ApiError && error.code === "session_old" ? <SignInWays {...instance} onEntered={link.reset} /> : null}
        </>
      ) : null}
    </>
  );
}
