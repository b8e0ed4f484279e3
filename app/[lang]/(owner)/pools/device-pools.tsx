"use client";

import { useQuery } from "@tanstack/react-query";
import { devicePoolsQuery, useLeaveWithDevice } from "#lib/client/volunteer/device-pools.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";

/** The pools that this browser computes for, also without any account; nothing where it computes for none. */
export function DevicePools() {
  const { text, fill } = useWords();
  const words = text.pools;
  const { data: pools = [] } = useQuery(devicePoolsQuery);
  const leave = useLeaveWithDevice();
  if (pools.length === 0) return null;
  return (
    <Card>
      <CardHead title={words.thisBrowser} />
      <p className="mb-3 text-quiet text-sm">{words.thisBrowserText}</p>
      <ul className="divide-y divide-line text-sm">
        {pools.map(({ id, name }) => (
          <li key={id} className="flex flex-wrap items-center gap-3 py-2">
            <span className="min-w-0 flex-1 basis-32 [overflow-wrap:anywhere]">{name}</span>
            <ConfirmButton
              size="small"
              label={words.leave}
              accessibleName={`${words.leave} ${name}`}
              title={fill(words.leaveTitle, { name })}
              confirm={words.leave}
              keep={words.stay}
              disabled={leave.isPending}
              onConfirm={() => leave.mutate(id)}
            >
              <p>{words.leaveDeviceText}</p>
            </ConfirmButton>
          </li>
        ))}
      </ul>
      {leave.error ? <ErrorNote error={leave.error} className="mt-3" isAlert /> : null}
    </Card>
  );
}
