import { useQuery } from "@tanstack/react-query";
import { meQuery } from "#lib/client/queries/account.ts";
import { useRemoveFromPool, useSetPoolRole } from "#lib/client/queries/pools.ts";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import type { PoolView } from "#lib/protocol/pools/pools.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";

type Member = PoolView["members"][number];

/** The accounts of a pool with their roles; admins change and remove those of others. */
export function PoolMembers({ pool, isAdmin }: { pool: PoolView; isAdmin: boolean }) {
  const { text } = useWords();
  const { page, roles } = text.pools;
  const { data: account } = useQuery(meQuery);
  return (
    <Card>
      <CardHead title={page.members} />
      <ul className="divide-y divide-line text-sm">
        {pool.members.map((member) => {
          const isOwn = member.id === account?.id;
          return (
            <li key={member.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5">
              <span className="min-w-0 flex-1 basis-40">
                <span className="font-mono text-xs" title={nameOf(member)}>
                  {shortAccountName(nameOf(member))}
                </span>
                {isOwn ? ` (${page.you})` : null}
                <span className="block text-quiet text-xs">
                  {page.joined} <Moment at={member.joinedAt} />
                </span>
              </span>
              <Badge tone={member.role === "admin" ? "accent" : "neutral"}>{roles[member.role]}</Badge>
              {isAdmin && !isOwn ? <MemberActions poolId={pool.id} member={member} /> : null}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

const nameOf = ({ address, id }: Member) => address ?? id;

function MemberActions({ poolId, member }: { poolId: PoolView["id"]; member: Member }) {
  const { text, fill } = useWords();
  const { page } = text.pools;
  const setRole = useSetPoolRole();
  const remove = useRemoveFromPool();
  const error = setRole.error ?? remove.error;
  const name = shortAccountName(nameOf(member));
  const role = member.role === "admin" ? "member" : "admin";
  const label = role === "admin" ? page.makeAdmin : page.makeMember;
  return (
    <>
      <Button size="small" aria-label={`${label}: ${name}`} disabled={setRole.isPending} onClick={() => setRole.mutate({ poolId, memberId: member.id, role })}>
        {label}
      </Button>
      <ConfirmButton
        size="small"
        label={page.remove}
        accessibleName={`${page.remove} ${name}`}
        title={fill(page.removeTitle, { name })}
        confirm={page.remove}
        keep={page.keep}
        disabled={remove.isPending}
        onConfirm={() => remove.mutate({ poolId, memberId: member.id })}
      >
        <p>{page.removeText}</p>
      </ConfirmButton>
      {error ? <ErrorNote error={error} className="w-full" isAlert /> : null}
    </>
  );
}
