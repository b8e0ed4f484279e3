/** What an attempt tries to leave by. */
export const ATTEMPT_GROUPS = ["network", "code", "storage", "surroundings", "program"] as const;
export type AttemptGroup = (typeof ATTEMPT_GROUPS)[number];

/** Origins that an attempt tries to reach, without a slash at the end: the page's own, and a foreign one. */
export type Targets = { own: string; other: string };

/** The port by which the worker is reached, and the word by which everybody recognises what an attempt sent. */
export type AttemptTools = Targets & { port: MessagePort; mark: string };

/**
 * One way out. `attempt` settles with what it got when it got out, throws when it was refused, and throws `Absent` where the way does not exist at all.
 * One that `mustBeEnded` never settles: whoever runs it has to end its worker.
 */
export type Attempt = { name: string; group: AttemptGroup; attempt(tools: AttemptTools): unknown; mustBeEnded?: true };

/** How an attempt ended. `refused` names the browser's or the host's own words, `open` what the attempt got. */
export type AttemptEnd = { end: "refused" | "absent" | "open"; detail: string };

/** Somebody who is there answers within milliseconds. */
const SETTLE_MS_MAX = 1500;

/** The way an attempt wanted to take does not exist where it runs. */
export class Absent extends Error {
  override name = "Absent";
}

/** A value of the global scope by its path, such as "navigator.locks"; throws `Absent` when there is none. */
export function need<T = unknown>(path: string): T {
  const value = path.split(".").reduce<unknown>((scope, name) => (scope as Record<string, unknown> | undefined)?.[name], globalThis);
  if (value === undefined || value === null) throw new Absent(`${path} does not exist here`);
  return value as T;
}

type Listenable = { addEventListener(type: string, listener: (event: Event) => void): void };

/** Settles when `target` says `open`, throws when it says `error` or nothing at all for a while. */
export async function opened(target: Listenable, open: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  target.addEventListener(open, () => resolve(open));
  for (const type of ["error", "close", "messageerror"]) {
    target.addEventListener(type, (event) => {
      // What goes wrong in a worker inside this one is not this one's own failure.
      event.preventDefault();
      reject(new Error(`it said "${type}"`));
    });
  }
  return await soon(promise);
}

/** The promise's own end, or an error after a while without one. */
export async function soon<T>(promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`nothing came of it for ${SETTLE_MS_MAX} ms`)), SETTLE_MS_MAX);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A script as an address that needs no server. */
export const dataUrl = (script: string): string => `data:text/javascript,${encodeURIComponent(script)}`;
export const blobUrl = (script: string): string => URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
