import type { Inspection } from "#lib/domain/program/inspect-wasm.ts";

/** What is looked for in the bytes of a program: whether devices can run it, or what would make it a miner. */
export type InspectionOrder =
  | { kind: "inspect"; bytes: Uint8Array; memoryBytesMax: number | null }
  | { kind: "miner_signs"; bytes: Uint8Array; runtime: string; args: readonly string[] };

/** What comes of each order. */
export type InspectionAnswer = { inspect: Inspection; miner_signs: string[] };
