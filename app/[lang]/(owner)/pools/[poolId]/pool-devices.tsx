import { useRemoveFromPool } from "#lib/client/queries/pools.ts";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import type { PoolView } from "#lib/protocol/pools/pools.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";

/** The devices that joined by an invite; admins remove them. */
export function PoolDevices({ pool, isAdmin }: { pool: PoolView; isAdmin: boolean }) {
  const { text, fill } = useWords();
  const { page } = text.pools;
  const remove = useRemoveFromPool();
  return (
    <Card>
      <CardHead title={page.devices} />
      <p className="mb-2 text-quiet text-sm">{page.devicesText}</p>
      {pool.devices.length === 0 ? <p className="text-sm">{page.noDevices}</p> : null}
      <ul className="divide-y divide-line text-sm">
        {pool.devices.map(({ id, kind, lastSeenAt }) => {
          const name = shortAccountName(id);
          return (
            <li key={id} className="flex flex-wrap items-center gap-3 py-2.5">
              <span className="min-w-0 flex-1 basis-40">
                {kind === "browser" ? page.kinds.browser : page.kinds.headless} <span className="font-mono text-xs">{name}</span>
                <span className="block text-quiet text-xs">
                  {page.seen} <Moment at={lastSeenAt} />
                </span>
              </span>
              {isAdmin ? (
                <ConfirmButton
                  size="small"
                  label={page.remove}
                  accessibleName={`${page.remove} ${name}`}
                  title={fill(page.removeTitle, { name })}
                  confirm={page.remove}
                  keep={page.keep}
                  disabled={remove.isPending}
                  onConfirm={() => remove.mutate({ poolId: pool.id, memberId: id })}
                >
                  <p>{page.removeText}</p>
                </ConfirmButton>
              ) : null}
            </li>
          );
        })}
      </ul>
      {remove.error ? <ErrorNote error={remove.error} className="mt-3" isAlert /> : null}
    </Card>
  );
}
