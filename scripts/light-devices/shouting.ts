import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../instance/start-instance.ts";

/** A program whose answers are known without running it: `answerOf()` gives the bytes that it writes with the arguments `["{shard}"]`. */
export const SHOUTING_PROGRAM: Uint8Array<ArrayBuffer> = new Uint8Array(readFileSync(join(ROOT, "lib/testing/programs/shout.wasm")));

/** What it writes: its arguments, each with a blank behind it, then its input in capital letters. Bytes outside ASCII stay. */
export function answerOf(no: number, input: Uint8Array): Buffer {
  const shouted = Buffer.from(input).map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte));
  return Buffer.concat([Buffer.from(`${no} `), shouted]);
}
