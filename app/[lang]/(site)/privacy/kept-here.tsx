"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { deleteKeptHere, type KeptName, listKeptHere } from "#lib/client/privacy/kept-here.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { ConfirmButton } from "#lib/ui/controls/confirm-button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";

/** What this browser keeps for this site, read from the browser itself, and a button that deletes it. */
export function KeptHere() {
  const { text } = useWords();
  const { kept: words } = text.privacy;
  const { data, error, refetch } = useQuery({ queryKey: ["kept-here"], queryFn: listKeptHere });
  const deletion = useMutation({ mutationFn: deleteKeptHere, onSettled: async () => await refetch() });
  return (
    <Card aria-labelledby="kept-here" className="mt-12">
      <CardHead id="kept-here" title={words.title} />
      <p className="mb-4 text-quiet text-sm">{words.lead}</p>
      {error ? <ErrorNote error={error} /> : null}
      {data ? <KeptList kept={data} /> : error ? null : <Skeleton label={words.loading} />}
      <div aria-live="polite" className="mt-4 empty:hidden">
        {deletion.isSuccess && data ? <Note tone={data.length > 0 ? "warn" : "info"}>{data.length > 0 ? words.inUse : words.deleted}</Note> : null}
      </div>
      {data && data.length > 0 ? <DeleteButton kept={data} disabled={deletion.isPending} onDelete={() => deletion.mutate()} /> : null}
    </Card>
  );
}

type DeleteProps = { kept: readonly KeptName[]; disabled: boolean; onDelete: () => void };

function DeleteButton({ kept, disabled, onDelete }: DeleteProps) {
  const { kept: words } = useWords().text.privacy;
  return (
    <div className="mt-6">
      <ConfirmButton label={words.delete} title={words.deleteTitle} confirm={words.delete} keep={words.keep} disabled={disabled} onConfirm={onDelete}>
        <p>{words.deleteText}</p>
        {kept.includes("device") ? <p>{words.deleteDevice}</p> : null}
        {kept.includes("results") ? <p>{words.deleteResults}</p> : null}
        {kept.includes("draft") ? <p>{words.deleteDraft}</p> : null}
        {kept.includes("demoWallet") ? <p>{words.deleteWallet}</p> : null}
      </ConfirmButton>
    </div>
  );
}

function KeptList({ kept }: { kept: readonly KeptName[] }) {
  const { kept: words } = useWords().text.privacy;
  if (kept.length === 0) return <p className="text-sm">{words.none}</p>;
  return (
    <dl className="divide-y divide-line text-sm">
      {kept.map((name) => (
        <div key={name} className="gap-x-6 py-2 sm:grid sm:grid-cols-[11rem_minmax(0,1fr)]">
          <dt className="font-medium">{words.items[name].name}</dt>
          <dd className="text-quiet">{words.items[name].why}</dd>
        </div>
      ))}
    </dl>
  );
}
