"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { keysQuery, useRevokeKey } from "#lib/client/queries/account.ts";
import type { KeyView } from "#lib/protocol/accounts/accounts.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Card } from "#lib/ui/display/card.tsx";
import { EmptyState } from "#lib/ui/display/empty-state.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

/** The account's keys, each with what it may do and the way to revoke it. */
export function KeyList() {
  const { text } = useWords();
  const words = text.account.keys;
  const { data: keys, error, refetch } = useQuery(keysQuery);
  return (
    <div className="grid min-w-0 gap-4">
      {error ? <RefreshNote error={error} hasOlder={keys !== undefined} onRetry={() => void refetch()} /> : null}
      {!keys && !error ? <Skeleton label={text.site.loading} /> : null}
      {keys?.length === 0 ? <EmptyState title={words.empty} text={words.emptyText} /> : null}
      {keys?.map((key) => (
        <KeyCard key={key.id} apiKey={key} />
      ))}
    </div>
  );
}

function KeyCard({ apiKey }: { apiKey: KeyView }) {
  const { text, fill, format } = useWords();
  const words = text.account.keys;
  const revoke = useRevokeKey();
  const { name, spend } = apiKey;
  const sayLimit = (spent: string, limit: string | null) =>
    limit === null ? fill(words.spentFree, { spent: format.money(spent) }) : fill(words.spent, { spent: format.money(spent), limit: format.money(limit) });
  return (
    <Card>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <h2 className="min-w-0 font-semibold [overflow-wrap:anywhere]">
          {name} <span className="font-mono font-normal text-quiet text-sm">{apiKey.hint}</span>
        </h2>
        <ConfirmButton
          size="small"
          label={words.revoke}
          accessibleName={`${words.revoke} ${name}`}
          title={fill(words.revokeTitle, { name })}
          confirm={words.revoke}
          keep={words.keep}
          disabled={revoke.isPending}
          onConfirm={() => revoke.mutate({ keyId: apiKey.id })}
        >
          <p>{words.revokeText}</p>
        </ConfirmButton>
      </div>
      <Facts>
        <Fact name={words.columns.scopes}>{apiKey.scopes.map((scope) => text.states.keyScopes[scope]).join(" · ")}</Fact>
        <Fact name={words.columns.created}>
          <Moment at={apiKey.createdAt} />
        </Fact>
        <Fact name={words.columns.used}>{apiKey.lastUsedAt ? <Moment at={apiKey.lastUsedAt} /> : words.never}</Fact>
        <Fact name={words.columns.today}>{sayLimit(spend.dayMicro, spend.dayLimitMicro)}</Fact>
        <Fact name={words.columns.total}>{sayLimit(spend.totalMicro, spend.totalLimitMicro)}</Fact>
        {apiKey.jobId ? (
          <Fact name={words.columns.job}>
            <Link href={`/jobs/${apiKey.jobId}`} prefetch={false} className="underline underline-offset-4">
              {apiKey.jobId}
            </Link>
          </Fact>
        ) : null}
        <Fact name={words.columns.expires}>{apiKey.expiresAt ? <Moment at={apiKey.expiresAt} /> : words.never}</Fact>
      </Facts>
      {revoke.error ? <ErrorNote error={revoke.error} className="mt-3" isAlert /> : null}
    </Card>
  );
}
