import { readU32, takeReader } from "#lib/domain/program/module-reader.ts";
import { walkSections } from "#lib/domain/program/walk-sections.ts";
import { body, section, u32 } from "./assemble-module.ts";

/** The module with other instructions in its last function. */
export function withLastBody(bytes: Uint8Array, instructions: readonly number[]): Uint8Array<ArrayBuffer> {
  for (const { id, start, content } of walkSections(bytes)) {
    if (id !== 10) continue;
    const count = readU32(content);
    const bodies: number[][] = [];
    for (let i = 0; i < count; i += 1) {
      const from = content.at;
      takeReader(content, readU32(content));
      bodies.push(i === count - 1 ? body([...instructions]) : [...bytes.subarray(from, content.at)]);
    }
    return Uint8Array.from([...bytes.subarray(0, start), ...section(10, [u32(count), ...bodies]), ...bytes.subarray(content.end)]);
  }
  throw new Error("the module has no code");
}
