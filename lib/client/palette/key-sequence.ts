/** How long the first key of a sequence waits for the second. */
const SEQUENCE_MS_MAX = 1500;

/** Finds out which of some sequences was typed: `type` gives the sequence that a key completes, or null. Times are those of the key events. */
export class KeySequence {
  readonly #sequences: readonly (readonly string[])[];
  #typed: string[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(sequences: readonly (readonly string[])[]) {
    this.#sequences = sequences;
  }

  type(key: string, atMs: number): readonly string[] | null {
    const before = atMs - this.#lastMs > SEQUENCE_MS_MAX ? [] : this.#typed;
    this.#lastMs = atMs;
    for (const typed of [[...before, key], [key]]) {
      const whole = this.#sequences.find((sequence) => sequence.length === typed.length && beginsWith(sequence, typed));
      if (whole) {
        this.#typed = [];
        return whole;
      }
      if (this.#sequences.some((sequence) => beginsWith(sequence, typed))) {
        this.#typed = typed;
        return null;
      }
    }
    this.#typed = [];
    return null;
  }
}

function beginsWith(sequence: readonly string[], typed: readonly string[]): boolean {
  return typed.every((key, i) => sequence[i] === key);
}
