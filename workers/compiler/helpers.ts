/** The module that programs of the editor import as `./shoal`; it makes WASI's calls. In AssemblyScript, so it is a text here. */
export const HELPERS_NAME = "shoal.ts";

export const HELPERS_SOURCE = `@external("wasi_snapshot_preview1", "fd_read")
declare function fdRead(file: i32, parts: usize, count: i32, moved: usize): i32;
@external("wasi_snapshot_preview1", "fd_write")
declare function fdWrite(file: i32, parts: usize, count: i32, moved: usize): i32;
@external("wasi_snapshot_preview1", "args_sizes_get")
declare function argsSizes(count: usize, bytes: usize): i32;
@external("wasi_snapshot_preview1", "args_get")
declare function argsGet(addresses: usize, bytes: usize): i32;
@external("wasi_snapshot_preview1", "proc_exit")
declare function procExit(code: i32): void;

/** Where WASI is told which bytes to move (address and length), and where it says how many it moved. */
const part = memory.data(8);
const moved = memory.data(8);

/** All bytes of the shard's input. */
export function readInputBytes(): Uint8Array {
  let bytes = new Uint8Array(65536);
  let length = 0;
  while (true) {
    if (length == bytes.length) {
      const larger = new Uint8Array(bytes.length * 2);
      larger.set(bytes);
      bytes = larger;
    }
    store<usize>(part, bytes.dataStart + length);
    store<i32>(part, bytes.length - length, 4);
    if (fdRead(0, part, 1, moved) != 0) procExit(1);
    const count = load<i32>(moved);
    if (count == 0) return bytes.slice(0, length);
    length += count;
  }
}

/** The shard's input as text, read from UTF-8. */
export function readInput(): string {
  const bytes = readInputBytes();
  return String.UTF8.decodeUnsafe(bytes.dataStart, bytes.length);
}

function write(file: i32, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    store<usize>(part, bytes.dataStart + written);
    store<i32>(part, bytes.length - written, 4);
    if (fdWrite(file, part, 1, moved) != 0) procExit(1);
    written += load<i32>(moved);
  }
}

/** Adds bytes to the shard's output. */
export function writeOutputBytes(bytes: Uint8Array): void {
  write(1, bytes);
}

/** Adds text to the shard's output. */
export function writeOutput(text: string): void {
  write(1, Uint8Array.wrap(String.UTF8.encode(text)));
}

/** Adds a line to the shard's log, which you see and nobody pays for. */
export function log(line: string): void {
  write(2, Uint8Array.wrap(String.UTF8.encode(line + "\\n")));
}

/** The job's arguments for this shard, without the program's name. */
export function readArguments(): string[] {
  if (argsSizes(moved, moved + 4) != 0) procExit(1);
  const count = load<i32>(moved);
  const addresses = new StaticArray<usize>(count);
  const bytes = new Uint8Array(load<i32>(moved, 4));
  if (argsGet(changetype<usize>(addresses), bytes.dataStart) != 0) procExit(1);
  const texts: string[] = [];
  for (let i = 1; i < count; i++) {
    let length = 0;
    while (load<u8>(addresses[i] + length) != 0) length++;
    texts.push(String.UTF8.decodeUnsafe(addresses[i], length));
  }
  return texts;
}

/** Ends the shard as failed; what it wrote is no result. */
export function fail(reason: string): void {
  log(reason);
  procExit(1);
}
`;
