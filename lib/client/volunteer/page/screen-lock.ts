/** Keeps the screen awake while it is wanted and the page can be seen; browsers without Wake Lock, or one that refuses, let it sleep. */
export class ScreenLock {
  #sentinel: WakeLockSentinel | null = null;
  #isWanted = false;

  /** Called again whenever the page becomes visible: a browser takes the lock away from a hidden page. */
  want(isWanted: boolean): void {
    this.#isWanted = isWanted;
    if (isWanted) void this.#take();
    else void this.#release();
  }

  async #take(): Promise<void> {
    if (!("wakeLock" in navigator) || document.visibilityState !== "visible" || (this.#sentinel && !this.#sentinel.released)) return;
    try {
      this.#sentinel = await navigator.wakeLock.request("screen");
      if (!this.#isWanted) await this.#release();
    } catch {
      // Refused, for example to save the battery.
    }
  }

  async #release(): Promise<void> {
    const sentinel = this.#sentinel;
    this.#sentinel = null;
    await sentinel?.release().catch(() => undefined);
  }
}
