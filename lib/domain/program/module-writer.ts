/** An unsigned number below 2³² in LEB128. */
export function encodeU32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

/** Pieces one after the other: numbers written anew between views of what stays as it is. */
export class ModuleWriter {
  readonly #pieces: ArrayLike<number>[] = [];
  length = 0;

  add(piece: ArrayLike<number>): void {
    this.#pieces.push(piece);
    this.length += piece.length;
  }

  /** A section with this content. */
  addSection(id: number, content: ModuleWriter): void {
    this.add([id, ...encodeU32(content.length)]);
    this.addAll(content);
  }

  addAll(other: ModuleWriter): void {
    for (const piece of other.#pieces) this.add(piece);
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}
