/** The beginning of an output; `isWhole` where that is all of it. */
export type OutputSample = { bytes: Uint8Array<ArrayBuffer>; isWhole: boolean };

/** The first whole lines of a sample, at most so many. A line that the sample cuts off is left out, unless it is the only one. */
export function firstLines({ bytes, isWhole }: OutputSample, linesMax: number): string[] {
  // With `stream` a character that is cut off at the end is left out rather than replaced.
  const lines = new TextDecoder().decode(bytes, { stream: !isWhole }).split("\n");
  if (lines.at(-1) === "" || (!isWhole && lines.length > 1)) lines.pop();
  return lines.slice(0, linesMax).map((line) => line.replace(/\r$/, ""));
}
