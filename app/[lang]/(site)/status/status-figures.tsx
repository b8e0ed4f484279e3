import Link from "next/link";
import { usePoll } from "#lib/client/light/use-poll.ts";
import type { NetworkView } from "#lib/protocol/network/network.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Figure } from "#lib/ui/display/facts.tsx";

const ASKED_MS = 10_000;

/** What the instance does now, in three numbers; one that is not known says so. */
export function StatusFigures() {
  const { text, format } = useWords();
  const { figures } = text.status;
  const { data, isSilent } = usePoll<NetworkView>("/api/v1/network", ASKED_MS);
  const known = isSilent ? null : data;
  const write = (value: number | null | undefined) =>
    value == null ? <span className="font-normal text-base text-quiet">{figures.unknown}</span> : format.number(value);
  return (
    <Card aria-labelledby="status-figures">
      <CardHead id="status-figures" title={figures.title}>
        <Link href="/network" className="rounded-control text-sm underline underline-offset-4 hover:text-accent">
          {figures.more}
        </Link>
      </CardHead>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-6 sm:grid-cols-3">
        <Figure value={write(known?.devices.computing)} name={figures.computing} />
        <Figure value={write(known?.verified?.lastHour)} name={figures.lastHour} />
        <Figure value={write(known?.verified?.total)} name={figures.total} />
      </dl>
    </Card>
  );
}
