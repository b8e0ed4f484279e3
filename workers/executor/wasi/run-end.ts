/** Thrown through a program to end its run from inside a host call; `runWasi` turns each into an outcome. */
export class OutputLimitReached extends Error {
  override name = "OutputLimitReached";
}

/** The machine could not give the host the memory that the program may use. */
export class HostOutOfMemory extends Error {
  override name = "HostOutOfMemory";
}

/** Allocates zeroed bytes, and ends the run as out of memory where the machine has none. */
export function allocateBytes(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    throw new HostOutOfMemory(`The machine could not allocate ${length} bytes.`, { cause });
  }
}
