import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fundersQuery, useContribute, useSetFunder } from "#lib/client/queries/funders.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import type { JobFunder } from "#lib/protocol/jobs/funders.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { editMoney, parseMoney } from "#lib/text/format/edit-money.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input, UnitInput } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { toasts } from "#lib/ui/feedback/toast-store.ts";

/** A share as people write it, in per cent with at most two digits after the point or comma, in hundredths of a per cent; null for anything else. */
function parseShare(text: string): number | null {
  if (!/^\d{1,3}([.,]\d{1,2})?$/.test(text.trim())) return null;
  const bps = Math.round(Number(text.trim().replace(",", ".")) * 100);
  return bps <= 10_000 ? bps : null;
}

/** Whose money is in the job, what of it would come back to whom, and the doors to put more in: to name others for the owner, to contribute for who was named. */
export function JobFunders({ job }: { job: JobView }) {
  const { text } = useWords();
  const words = text.studio.funders;
  const { data, error } = useQuery(fundersQuery(job));
  const own = data?.funders.find(({ isYou, isOwner }) => isYou && !isOwner);
  // Others see who funds a job only where there is something to see.
  if (job.role !== "owner" && !(data && data.funders.length > 1)) return null;
  return (
    <Card>
      <CardHead title={words.title} />
      <p className="mb-3 text-quiet text-sm">{words.lead}</p>
      {error && !data ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Skeleton label={words.loading} lines={2} /> : null}
      <ul className="divide-y divide-line text-sm">
        {data?.funders.map((funder) => (
          <Row key={funder.address ?? "owner"} job={job} funder={funder} />
        ))}
      </ul>
      {isOpen(job.state) && own ? <Contribute job={job} own={own} /> : null}
      {isOpen(job.state) && job.role === "owner" ? <NameFunder job={job} /> : null}
    </Card>
  );
}

function Row({ job, funder }: { job: JobView; funder: JobFunder }) {
  const { text, format, fill } = useWords();
  const words = text.studio.funders;
  const set = useSetFunder(job.id);
  const { asset } = job.price;
  const { address, isOwner, isYou, shareBps } = funder;
  const who = isYou ? words.you : isOwner ? words.owner : address;
  const isRemovable = job.role === "owner" && isOpen(job.state) && !isOwner && funder.putMicro === "0" && address !== null;
  const money = {
    put: format.money(funder.putMicro, asset),
    returned: format.money(funder.returnedMicro, asset),
    back: format.money(funder.returnableMicro, asset),
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <span className={`min-w-0 flex-1 basis-40 ${who === address ? "break-all font-mono text-xs" : "font-medium"}`}>{who}</span>
      <span className="tabular-nums">{fill(words.share, { share: format.exactShare(shareBps) })}</span>
      <span className="basis-full text-quiet tabular-nums">
        {funder.putMicro === "0" ? words.nothingYet : fill(isOpen(job.state) ? words.open : words.ended, money)}
      </span>
      {isRemovable ? (
        <Button size="small" aria-label={`${words.remove} ${address}`} disabled={set.isPending} onClick={() => set.mutate({ address, shareBps: null })}>
          {words.remove}
        </Button>
      ) : null}
      {set.error ? <ErrorNote error={set.error} className="basis-full" /> : null}
    </li>
  );
}

function Contribute({ job, own }: { job: JobView; own: JobFunder }) {
  const { text, format, fill, sayError } = useWords();
  const words = text.studio.funders;
  const { asset } = job.price;
  const contribute = useContribute(job.id);
  const [total, setTotal] = useState(editMoney(own.putMicro));
  const [problem, setProblem] = useState<string | null>(null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const micro = parseMoney(total);
    if (micro === null || micro <= BigInt(own.putMicro)) {
      setProblem(fill(words.wrong, { put: format.money(own.putMicro, asset) }));
      return;
    }
    setProblem(null);
    contribute.mutate(
      { putMicro: micro, shareBps: own.shareBps },
      { onSuccess: () => toasts.show(fill(words.contributed, { amount: format.money(micro, asset) })) },
    );
  };
  const said = problem ?? (contribute.error ? sayError(contribute.error) : null);
  return (
    <form noValidate onSubmit={send} className="mt-3 space-y-3 text-sm">
      <Field id="contribution" label={words.total} hint={fill(words.totalHint, { share: format.exactShare(own.shareBps) })} problem={said}>
        <UnitInput
          {...controlProps("contribution", { hint: true, problem: said })}
          unit={asset}
          value={total}
          onChange={(event) => setTotal(event.target.value)}
        />
      </Field>
      <Button type="submit" size="small" disabled={contribute.isPending}>
        {words.contribute}
      </Button>
    </form>
  );
}

function NameFunder({ job }: { job: JobView }) {
  const { text, sayError } = useWords();
  const words = text.studio.funders;
  const set = useSetFunder(job.id);
  const [address, setAddress] = useState("");
  const [share, setShare] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const shareBps = parseShare(share);
    setProblem(shareBps === null ? words.shareWrong : null);
    if (shareBps === null) return;
    const clear = () => {
      setAddress("");
      setShare("");
    };
    set.mutate({ address: address.trim(), shareBps }, { onSuccess: clear });
  };
  const refused = set.error ? sayError(set.error) : null;
  return (
    <form noValidate onSubmit={send} className="mt-3 space-y-3 text-sm">
      <Field id="funder" label={words.address} hint={words.addressHint} problem={refused}>
        <Input
          {...controlProps("funder", { hint: true, problem: refused })}
          className="font-mono"
          spellCheck={false}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
      </Field>
      <Field id="funder-share" label={words.shareOf} hint={words.shareHint} problem={problem}>
        <UnitInput {...controlProps("funder-share", { hint: true, problem })} unit="%" value={share} onChange={(event) => setShare(event.target.value)} />
      </Field>
      <Button type="submit" size="small" disabled={set.isPending || address.trim() === "" || share.trim() === ""}>
        {words.name}
      </Button>
    </form>
  );
}
