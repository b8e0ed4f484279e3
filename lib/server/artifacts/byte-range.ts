import "server-only";

type ByteRange = { start: number; end: number };
export type RangeChoice = { kind: "whole" } | ({ kind: "part" } & ByteRange) | { kind: "unsatisfiable" };

/**
 * What a Range header asks of so many bytes; `end` is exclusive. One range is honoured; several, other units and malformed headers give the whole,
 * which RFC 9110 section 14.2 allows.
 */
export function chooseRange(header: string | null, bytes: number): RangeChoice {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(" ", "") ?? "");
  if (!match) return { kind: "whole" };
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return { kind: "whole" };
  if (first === "")
    return Number(last) === 0 || bytes === 0 ? { kind: "unsatisfiable" } : { kind: "part", start: Math.max(0, bytes - Number(last)), end: bytes };
  const start = Number(first);
  if (last !== "" && Number(last) < start) return { kind: "whole" };
  if (start >= bytes) return { kind: "unsatisfiable" };
  return { kind: "part", start, end: last === "" ? bytes : Math.min(Number(last) + 1, bytes) };
}
