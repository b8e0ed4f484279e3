export type ToastAction = { label: string; run: () => void };
export type Toast = { id: number; text: string; action: ToastAction | null };

/** How long a toast stays that nobody looks at. */
const SHOWN_MS = 8_000;
const TOASTS_MAX = 3;

/** Short messages about what was just done, newest last, each with at most one thing to do about it. They leave by themselves unless they are held. */
export class ToastStore {
  #toasts: readonly Toast[] = [];
  #nextId = 1;
  #isHeld = false;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  readonly #listeners = new Set<() => void>();

  readonly read = (): readonly Toast[] => this.#toasts;

  /** Calls back on every change; returns how to stop that. */
  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  };

  /** Shows a message; the oldest of too many leaves. */
  show(text: string, action: ToastAction | null = null): void {
    const toast = { id: this.#nextId++, text, action };
    for (const { id } of this.#toasts.slice(0, Math.max(0, this.#toasts.length + 1 - TOASTS_MAX))) this.dismiss(id);
    this.#toasts = [...this.#toasts, toast];
    if (!this.#isHeld) this.#start(toast.id);
    this.#tell();
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#toasts = this.#toasts.filter((toast) => toast.id !== id);
    // The pointer or the focus leaves with the last one, and no event says so.
    if (this.#toasts.length === 0) this.#isHeld = false;
    this.#tell();
  }

  /** Nothing leaves while somebody points at a toast or has the focus in one. */
  hold(): void {
    this.#isHeld = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Every toast gets its whole time again. */
  release(): void {
    this.#isHeld = false;
    for (const { id } of this.#toasts) if (!this.#timers.has(id)) this.#start(id);
  }

  #start(id: number): void {
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), SHOWN_MS),
    );
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The toasts of this page. */
export const toasts = new ToastStore();
