import { useState } from "react";
import { useCreateInvite, useRevokeInvite } from "#lib/client/queries/pools.ts";
import { useOrigin } from "#lib/client/use-origin.ts";
import type { PoolView } from "#lib/protocol/pools/pools.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { CopyButton } from "#lib/ui/controls/copy-button.tsx";
import { Field } from "#lib/ui/controls/field.tsx";
import { Select } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { QrCode } from "#lib/ui/display/qr-code.tsx";

const DAYS = [1, 7, 30, 90];

/** Makes invites, shows each once, and revokes open ones. */
export function PoolInvites({ pool }: { pool: PoolView }) {
  const { text, format } = useWords();
  const { page } = text.pools;
  const create = useCreateInvite();
  const [days, setDays] = useState(7);
  return (
    <Card>
      <CardHead title={page.invites} />
      <p className="mb-4 text-quiet text-sm">{page.invitesText}</p>
      <div className="flex flex-wrap items-end gap-3">
        <Field id="invite-days" label={page.days}>
          <Select id="invite-days" value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {DAYS.map((count) => (
              <option key={count} value={count}>
                {format.count(count, page.dayCount)}
              </option>
            ))}
          </Select>
        </Field>
        <Button kind="primary" disabled={create.isPending} onClick={() => create.mutate({ poolId: pool.id, expiresInDays: days })}>
          {page.newInvite}
        </Button>
      </div>
      {create.error ? <ErrorNote error={create.error} className="mt-3" isAlert /> : null}
      {create.data ? <NewInvite code={create.data.code} /> : null}
      <OpenInvites pool={pool} />
    </Card>
  );
}

function NewInvite({ code }: { code: string }) {
  const { page } = useWords().text.pools;
  const link = `${useOrigin() ?? ""}/pools/join#${code}`;
  return (
    <div className="mt-4 space-y-3 rounded-card bg-sunken p-4 text-sm">
      <p className="font-medium">{page.linkText}</p>
      <QrCode text={link} label={page.qr} />
      <p>
        <span className="text-quiet">{page.link}</span>{" "}
        <span data-testid="invite-link" className="font-mono text-xs [overflow-wrap:anywhere]">
          {link}
        </span>
      </p>
      <p>
        <span className="text-quiet">{page.code}</span> <span className="font-mono text-xs [overflow-wrap:anywhere]">{code}</span>
      </p>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={link} label={page.copyLink} copied={page.copied} />
        <CopyButton text={code} label={page.copyCode} copied={page.copied} />
      </div>
    </div>
  );
}

function OpenInvites({ pool }: { pool: PoolView }) {
  const { page } = useWords().text.pools;
  const revoke = useRevokeInvite();
  if (pool.invites.length === 0) return null;
  return (
    <div className="mt-4">
      <h3 className="font-medium text-sm">{page.open}</h3>
      <ul className="divide-y divide-line text-sm">
        {pool.invites.map(({ id, hint, expiresAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-3 py-2">
            <span className="min-w-0 flex-1 basis-32">
              <span className="font-mono text-xs">…{hint}</span>{" "}
              <span className="text-quiet text-xs">
                {page.ends} <Moment at={expiresAt} />
              </span>
            </span>
            <ConfirmButton
              size="small"
              label={page.revoke}
              accessibleName={`${page.revoke} ${hint}`}
              title={page.revokeTitle}
              confirm={page.revoke}
              keep={page.keep}
              disabled={revoke.isPending}
              onConfirm={() => revoke.mutate({ poolId: pool.id, inviteId: id })}
            >
              <p>{page.revokeText}</p>
            </ConfirmButton>
          </li>
        ))}
      </ul>
      {revoke.error ? <ErrorNote error={revoke.error} className="mt-3" isAlert /> : null}
    </div>
  );
}
