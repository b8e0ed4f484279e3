import type { NetworkView } from "#lib/protocol/network/network.ts";
import type { Format } from "#lib/text/format/create-format.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card } from "#lib/ui/display/card.tsx";
import { Figure } from "#lib/ui/display/facts.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Note } from "#lib/ui/display/note.tsx";

const CORE_HOURS_SHOWN_MIN = 0.01;

/** Each figure with what it means; one that is not known says so. */
export function NetworkFigures({ network: { devices, verified, energy: counted } }: { network: NetworkView }) {
  const {
    text: {
      network: { figures: text, unknown },
    },
    format,
    fill,
  } = useWords();
  // Less than that would be written as nothing at all.
  const energy = counted && counted.coreHours >= CORE_HOURS_SHOWN_MIN ? counted : null;
  const write = (value: number | null, inWords: (value: number) => string) =>
    value === null ? <span className="font-normal text-base text-quiet">{unknown}</span> : inWords(value);
  const figures = [
    { name: text.computing, hint: text.computingHint, value: format.number(devices.computing) },
    { name: text.seen, hint: text.seenHint, value: format.number(devices.seen) },
    ...(verified
      ? [
          { name: text.rate, hint: text.rateHint, value: write(verified.shardsPerMinute, format.measure) },
          { name: text.lastHour, hint: text.lastHourHint, value: write(verified.lastHour, format.number) },
          { name: text.total, hint: text.totalHint, value: format.number(verified.total) },
          { name: text.redundancy, hint: text.redundancyHint, value: write(verified.replicasPerShard, format.measure) },
          { name: text.disagreed, hint: text.disagreedHint, value: write(verified.disagreedShare, format.share) },
        ]
      : []),
    ...(energy ? [{ name: text.energy, hint: text.energyHint, value: fill(text.energyRange, inKilowattHours(energy.wattHours, format)) }] : []),
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
      {energy ? (
        <p className="mt-6 max-w-prose text-quiet text-xs">
          {fill(text.energyHow, {
            hours: format.measure(energy.coreHours),
            since: format.moment(new Date(energy.since)),
            from: format.number(energy.wattsPerCore.from),
            to: format.number(energy.wattsPerCore.to),
          })}
        </p>
      ) : null}
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

function inKilowattHours({ from, to }: { from: number; to: number }, format: Format): { from: string; to: string } {
  return { from: format.measure(from / 1000), to: format.measure(to / 1000) };
}
