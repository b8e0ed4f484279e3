/**
 * What stands around an executor in this browser, beside WebAssembly: `frame` is an opaque origin with a policy that lets nothing out, `worker` is a worker of the
 * page's own origin with such a policy, which reaches no network but the site's storage.
 */
export type Wall = "frame" | "worker";

/** Where executors are made and ended behind one of the walls. */
export interface Wing {
  readonly wall: Wall;
  /** Whether it can still make executors. */
  readonly isAlive: boolean;
  /** Settles when it is gone, with everything in it. */
  readonly gone: Promise<void>;
  /**
   * Starts a worker that listens on the other end of the returned port. Fails when it does not come to that; the wing is dead then. `pace` takes orders to rest;
   * it stays silent where they cannot be carried out.
   */
  spawn(id: string, pace?: MessagePort): Promise<MessagePort>;
  kill(id: string): void;
  close(): void;
}

/** The scripts that can run behind the walls. */
export const SANDBOXES = {
  executor: { frame: "/sandbox/frame.html", worker: "/sandbox/executor.js" },
  attempts: { frame: "/sandbox/attempts.html", worker: "/sandbox/attempts.js" },
} as const;
export type Sandbox = (typeof SANDBOXES)[keyof typeof SANDBOXES];
