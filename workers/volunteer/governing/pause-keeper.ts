import type { Activity, PauseRule } from "#lib/domain/governor/decide-activity.ts";
import type { EngineReason } from "../engine-contract.ts";
import { pauseReason } from "../engine-reasons.ts";
import type { ExchangeLoop } from "../exchange/exchange-loop.ts";
import type { GrantBuffer } from "../exchange/grant-buffer.ts";
import type { ExecutorPool } from "../running/executor-pool.ts";

/** How long shards that run when a pause begins may go on; what is not done by then is handed back. */
const LAST_SHARDS_MS = 5000;

export type PauseParts = { buffer: GrantBuffer; pool: Pick<ExecutorPool, "drop" | "wake">; loop: Pick<ExchangeLoop, "wake"> };

/** Carries out pauses: nothing new begins, what waits goes to others at once, and what runs has a few seconds to end. */
export class PauseKeeper {
  readonly #parts: PauseParts;
  #pause: { rule: PauseRule; reason: EngineReason; sinceMs: number } | null = null;

  constructor(parts: PauseParts) {
    this.#parts = parts;
  }

  /** Which rule forbids computing; null while it is allowed. */
  get rule(): PauseRule | null {
    return this.#pause?.rule ?? null;
  }

  get reason(): EngineReason | null {
    return this.#pause?.reason ?? null;
  }

  /** Follows what was decided; called again and again while it lasts. */
  follow(activity: Activity, nowMs: number): void {
    const { buffer, pool, loop } = this.#parts;
    if (activity.mayCompute) {
      if (!this.#pause) return;
      this.#pause = null;
      pool.wake();
      loop.wake();
      return;
    }
    const { rule, params } = activity;
    this.#pause = { rule, reason: pauseReason(rule, params), sinceMs: this.#pause?.sinceMs ?? nowMs };
    if (buffer.isEmpty) return;
    if (nowMs - this.#pause.sinceMs < LAST_SHARDS_MS) buffer.handBackIdle();
    else pool.drop(buffer.handBackAll());
    if (buffer.hasHandBacks) loop.wake();
  }
}
