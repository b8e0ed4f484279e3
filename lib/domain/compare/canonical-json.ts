/** Deeper documents are no results, and walking them would exhaust the stack. */
const DEPTH_MAX = 512;

/**
 * A JSON document in its canonical form (RFC 8785): no blanks, members sorted by the UTF-16 units of their names, numbers and texts as ECMAScript writes them.
 * Null where the bytes are no JSON document in UTF-8, or are nested more than 512 deep. Of members with one name the last counts, as in every parser of engines.
 */
export function canonicalJson(bytes: Uint8Array): string | null {
  try {
    return write(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)), 0);
  } catch {
    return null;
  }
}

function write(value: unknown, depth: number): string {
  if (depth > DEPTH_MAX) throw new RangeError("nested too deep");
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member, depth + 1)}`).join()}}`;
}
