import { useWords } from "#lib/text/react/words-provider.tsx";

/** A moment as seen from now, with the exact one as its title. Server and browser see it seconds apart, so their texts may differ. */
export function Moment({ at }: { at: string }) {
  const { format } = useWords();
  const date = new Date(at);
  return (
    <time dateTime={at} title={format.moment(date)} suppressHydrationWarning>
      {format.relative(date, new Date())}
    </time>
  );
}
