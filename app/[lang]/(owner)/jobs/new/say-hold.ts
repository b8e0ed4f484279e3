import type { Words } from "#lib/text/words.ts";

/** When results are final that are held for at most so long, in words. */
export function sayHold({ holdMsMax }: { holdMsMax: number }, { text, format, fill }: Words): string {
  const { hold, final } = text.studio.assurance;
  return holdMsMax > 0 ? fill(hold, { time: format.duration(holdMsMax) }) : final;
}
