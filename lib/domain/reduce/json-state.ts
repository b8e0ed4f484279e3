/** A state as bytes. */
export function encodeState(state: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(state));
}

/** The state that `encodeState` made these bytes of; they come from our own table. */
export function decodeState<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

/** A result as a document that people read too. */
export function jsonResult(document: unknown): { bytes: Uint8Array; format: "json" } {
  return { bytes: new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`), format: "json" };
}
