import { EARNING_BYTES } from "../merkle/earnings.ts";

/** What the first line of an epoch's public file says. Amounts are decimal strings of the token's units; addresses and words in lower case. */
export type EpochHeader = {
  version: 1;
  chainId: number;
  escrow: string;
  distributor: string;
  token: string;
  epoch: number;
  /** The epoch whose leaves this one adds to; null for the first. */
  previous: { epoch: number; fileSha256: string } | null;
  root: string;
  leafCount: number;
  cumulativeTotal: string;
  net: string;
  fee: string;
  debits: { budget: string; amount: string }[];
  jobs: { job: string; net: string; fee: string }[];
};

const LINE_FEED = 10;

/** The first line of the file, its line feed included. What follows are `leafCount` packed earnings of 32 bytes, sorted by address. */
export function encodeEpochHeader(header: EpochHeader): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(header)}\n`);
}

/** Takes a file apart. Throws in words if it is none, or if it holds another number of leaves than it says. */
export function readEpochFile(file: Uint8Array): { header: EpochHeader; packed: Uint8Array } {
  const end = file.indexOf(LINE_FEED);
  if (end === -1) throw new Error("The file has no first line.");
  const header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(0, end))) as EpochHeader;
  const packed = file.subarray(end + 1);
  if (header.version !== 1) throw new Error(`The file has version ${String(header.version)}, not 1.`);
  if (packed.length !== header.leafCount * EARNING_BYTES)
    throw new Error(`The file says it has ${header.leafCount} leaves and holds ${packed.length / EARNING_BYTES}.`);
  return { header, packed };
}
