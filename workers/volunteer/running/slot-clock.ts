/** What a core of the device does: nothing because it may not, nothing because there is nothing, resting for the share, fetching what a shard needs, or running it. */
export type SlotState = "off" | "idle" | "resting" | "loading" | "computing";
export type SlotTimes = Record<SlotState, number>;

export const NO_TIMES: SlotTimes = { off: 0, idle: 0, resting: 0, loading: 0, computing: 0 };

/** How long a core has been in which state, in milliseconds. */
export class SlotClock {
  readonly #times: SlotTimes = { ...NO_TIMES };
  #state: SlotState = "off";
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  get state(): SlotState {
    return this.#state;
  }

  enter(state: SlotState, nowMs: number): void {
    this.#times[this.#state] += nowMs - this.#sinceMs;
    this.#state = state;
    this.#sinceMs = nowMs;
  }

  /** Adds the times so far, the present state's included, to a sum. */
  addTo(sum: SlotTimes, nowMs: number): SlotTimes {
    const next = { ...sum };
    for (const state of Object.keys(next) as SlotState[]) next[state] += this.#times[state];
    next[this.#state] += nowMs - this.#sinceMs;
    return next;
  }
}
