import type { NetworkView } from "#lib/protocol/network/network.ts";
import { en } from "#lib/text/en.ts";
import { formatMeasure, formatNumber, formatShare } from "#lib/text/format/format-number.ts";
import { Card } from "#lib/ui/display/card.tsx";
import { Figure } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";

const text = en.network.figures;

/** Each figure with what it means; one that is not known says so. */
export function NetworkFigures({ network: { devices, verified } }: { network: NetworkView }) {
  const figures = [
    { name: text.computing, hint: text.computingHint, value: formatNumber(devices.computing) },
    { name: text.seen, hint: text.seenHint, value: formatNumber(devices.seen) },
    ...(verified
      ? [
          { name: text.rate, hint: text.rateHint, value: write(verified.shardsPerMinute, formatMeasure) },
          { name: text.lastHour, hint: text.lastHourHint, value: write(verified.lastHour, formatNumber) },
          { name: text.total, hint: text.totalHint, value: formatNumber(verified.total) },
          { name: text.redundancy, hint: text.redundancyHint, value: write(verified.replicasPerShard, formatMeasure) },
          { name: text.disagreed, hint: text.disagreedHint, value: write(verified.disagreedShare, formatShare) },
        ]
      : []),
  ];
  return (
    <Card aria-label={text.label}>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-6 lg:grid-cols-4">
        {figures.map(({ name, hint, value }) => (
          <Figure
            key={name}
            value={value}
            name={
              <>
                <span className="font-medium text-ink">{name}</span>
                <span className="block text-xs">{hint}</span>
              </>
            }
          />
        ))}
      </dl>
      {verified ? (
        <p className="mt-6 text-quiet text-xs">
          {text.countedAt} <Moment at={verified.countedAt} />
        </p>
      ) : (
        <Note className="mt-6">{text.notCounted}</Note>
      )}
    </Card>
  );
}

function write(value: number | null, format: (value: number) => string) {
  return value === null ? <span className="font-normal text-base text-quiet">{en.network.unknown}</span> : format(value);
}
