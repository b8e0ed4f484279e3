import { formatMoment, formatRelative } from "#lib/text/format/format-time.ts";

/** A moment as seen from now, with the exact one as its title. Server and browser see it seconds apart, so their texts may differ. */
export function Moment({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={formatMoment(date)} suppressHydrationWarning>
      {formatRelative(date, new Date())}
    </time>
  );
}
