/** Results on hold: a ring of typed arrays with one list for each device, so that a device's results are found without a search. */
export class Pool {
  readonly owner: Int32Array;
  readonly flags: Uint8Array;
  readonly stratum: Uint8Array;
  readonly rate: Float32Array;
  readonly draw: Float64Array;
  private readonly previous: Float64Array;
  /** The newest result of each device. */
  private readonly newest: number[] = [];
  private readonly mask: number;
  /** Results so far; the next one's number. */
  count = 0;
  /** Results before this number are final. */
  closedBefore = 0;

  constructor(resultsMax: number) {
    const size = 2 ** Math.ceil(Math.log2(resultsMax));
    this.mask = size - 1;
    this.owner = new Int32Array(size);
    this.flags = new Uint8Array(size);
    this.stratum = new Uint8Array(size);
    this.rate = new Float32Array(size);
    this.draw = new Float64Array(size);
    this.previous = new Float64Array(size);
  }

  /** Where a result lies. */
  at(no: number): number {
    return no & this.mask;
  }

  add(owner: number, result: { stratum: number; rate: number; draw: number; flags: number }): number {
    const no = this.count++;
    const at = no & this.mask;
    this.owner[at] = owner;
    this.flags[at] = result.flags;
    this.stratum[at] = result.stratum;
    this.rate[at] = result.rate;
    this.draw[at] = result.draw;
    this.previous[at] = this.newest[owner] ?? -1;
    this.newest[owner] = no;
    return no;
  }

  has(no: number, flag: number): boolean {
    return ((this.flags[no & this.mask] ?? 0) & flag) !== 0;
  }

  set(no: number, flag: number): void {
    const at = no & this.mask;
    this.flags[at] = (this.flags[at] ?? 0) | flag;
  }

  /** A device's results on hold, newest first. */
  *heldBy(owner: number): Generator<number> {
    for (let no = this.newest[owner] ?? -1; no >= this.closedBefore; no = this.previous[no & this.mask] ?? -1) yield no;
  }
}

/** What may be true of a result. */
export const WRONG = 1;
export const CHECKED = 2;
export const TRUSTED = 4;
export const REVOKED = 8;
export const SHADOWED = 16;
