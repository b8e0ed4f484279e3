import { assembleModule, exportOf, functionType, u32 } from "./assemble-module.ts";

/** Instructions that leave nothing behind: i32.const 0, drop. */
const STEP = [0x41, 0x00, 0x1a];
const BODY_BYTES = 3 * 256 * 1024;

/** A module that engines take, of nearly so many bytes, nearly all of them instructions. */
export function largeModule(bytes: number): Uint8Array<ArrayBuffer> {
  const count = Math.floor(bytes / (BODY_BYTES + 8));
  const content = Buffer.concat([Buffer.from([0]), Buffer.alloc(BODY_BYTES, Buffer.from(STEP)), Buffer.from([0x0b])]);
  const body = Buffer.concat([Buffer.from(u32(content.length)), content]);
  const code = Buffer.concat([Buffer.from(u32(count)), ...Array.from({ length: count }, () => body)]);
  const head = assembleModule({
    types: [functionType([], [])],
    functions: Array.from({ length: count }, () => [0]),
    exports: [exportOf("memory", 2, 0), exportOf("_start", 0, 0)],
    bodies: [],
  });
  return new Uint8Array(Buffer.concat([head, Buffer.from([10, ...u32(code.length)]), code]));
}
