"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { actsQuery } from "#lib/client/queries/operations.ts";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import { INCIDENT_KINDS } from "#lib/domain/operations/incident.ts";
import type { OperatorAct } from "#lib/domain/operations/operator-act.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Asked } from "./asked.tsx";

/** What operators did, the newest first; nothing of it can be changed. */
export function ActLog() {
  const { acts: words } = useWords().text.admin;
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(actsQuery);
  const acts = data?.pages.flatMap((page) => page.acts);
  return (
    <Card aria-labelledby="admin-acts">
      <CardHead id="admin-acts" title={words.title} />
      <Asked query={{ data: acts, error, refetch }}>
        {(done) =>
          done.length === 0 ? (
            <p className="text-quiet text-sm">{words.none}</p>
          ) : (
            <ul className="divide-y divide-line text-sm">
              {done.map(({ no, at, by, act, subject, reason }) => (
                <li key={no} className="py-2 [overflow-wrap:anywhere]">
                  <p>
                    <span className="font-mono text-xs">{shortAccountName(by)}</span> {words.acts[act]} <Subject act={act} subject={subject} />
                  </p>
                  {reason ? <p className="text-quiet">{reason}</p> : null}
                  <p className="text-quiet text-xs">
                    <Moment at={at} />
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
      {hasNextPage ? (
        <Button size="small" className="mt-4" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.more}
        </Button>
      ) : null}
    </Card>
  );
}

/** About what it was; of what was told, its kind in words. */
function Subject({ act, subject }: { act: OperatorAct; subject: string }) {
  const { kinds } = useWords().text.admin.incidents;
  const kind = act === "post_incident" ? INCIDENT_KINDS.find((each) => each === subject) : undefined;
  return kind ? `(${kinds[kind]})` : <span className="font-mono text-xs">{subject}</span>;
}
