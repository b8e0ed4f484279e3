/** Reads at most so many whole lines, and no more bytes than that, from an answer, and drops the rest of it. */
export async function readFirstLines(response: Response, limits: { linesMax: number; bytesMax: number }): Promise<string[]> {
  if (!response.body) return [];
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  let isWhole = false;
  while (bytes < limits.bytesMax && text.split("\n").length <= limits.linesMax) {
    const { done, value } = await reader.read();
    if (done) {
      isWhole = true;
      break;
    }
    const taken = value.subarray(0, limits.bytesMax - bytes);
    bytes += taken.length;
    text += decoder.decode(taken, { stream: true });
  }
  await reader.cancel();
  const lines = text.split("\n");
  // What follows the last newline is either nothing or a line that was cut.
  if (lines.at(-1) === "" || (!isWhole && lines.length > 1)) lines.pop();
  return lines.slice(0, limits.linesMax).map((line) => line.replace(/\r$/, ""));
}

/** The fields of one CSV line (RFC 4180); a quote that stays open ends with the line. */
export function splitCsvLine(line: string): string[] {
  const fields: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"?|([^,]*))/g))
    fields.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
  return fields;
}
