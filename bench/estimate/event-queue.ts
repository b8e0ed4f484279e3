export type Event = { at: number; run: () => void };

/** What is going to happen, the earliest first: a binary heap. */
export class EventQueue {
  readonly #heap: Event[] = [];

  add(at: number, run: () => void): void {
    const heap = this.#heap;
    let i = heap.push({ at, run }) - 1;
    for (let parent = (i - 1) >> 1; i > 0 && this.#at(parent) > at; parent = (i - 1) >> 1) {
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** The earliest event, which is gone then. Throws when nothing happens any more. */
  take(): Event {
    const heap = this.#heap;
    this.#swap(0, heap.length - 1);
    const earliest = heap.pop();
    if (!earliest) throw new RangeError("Nothing happens any more.");
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (child < heap.length && this.#at(child) < this.#at(least)) least = child;
      if (least === i) return earliest;
      this.#swap(i, least);
      i = least;
    }
  }

  #at(i: number): number {
    return this.#heap[i]?.at ?? Number.POSITIVE_INFINITY;
  }

  #swap(i: number, j: number): void {
    const [a, b] = [this.#heap[i], this.#heap[j]];
    if (a && b) [this.#heap[i], this.#heap[j]] = [b, a];
  }
}
