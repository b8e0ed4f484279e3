import "server-only";
import { UNTRUSTED_BYTES_HEADERS } from "../../artifacts/untrusted-bytes-headers.ts";
import type { ByteAnswer } from "../../http/handle.ts";

const MICRO_DIGITS = 6;

/** One line (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => quote(String(cell ?? ""))).join(",")}\r\n`;
}

function quote(text: string): string {
  const safe = /^[=+@\t\r]|^-(?![0-9.]+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Micro-units as a decimal number of the asset with all its digits. */
export function csvAmount(micro: bigint): string {
  const digits = String(micro < 0n ? -micro : micro).padStart(MICRO_DIGITS + 1, "0");
  return `${micro < 0n ? "-" : ""}${digits.slice(0, -MICRO_DIGITS)}.${digits.slice(-MICRO_DIGITS)}`;
}

/** A CSV file as an answer, streamed line by line. */
export function csvAnswer(fileName: string, lines: AsyncIterable<string>): ByteAnswer {
  return {
    status: 200,
    headers: {
      ...UNTRUSTED_BYTES_HEADERS,
      "cache-control": "private, no-store",
      "content-disposition": `attachment; filename="${fileName}"`,
      "content-type": "text/csv; charset=utf-8",
    },
    body: encode(lines),
  };
}

async function* encode(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const line of lines) yield encoder.encode(line);
}
