const QUIET_NAN = 0x7fc00000;

/** Writes every NaN of an array of little-endian `f32` as 0x7fc00000, in place: which of its many forms a GPU gives is its own affair. */
export function canonicaliseNan(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const bits = view.getUint32(at, true);
    if ((bits & 0x7f800000) === 0x7f800000 && (bits & 0x007fffff) !== 0) view.setUint32(at, QUIET_NAN, true);
  }
}
