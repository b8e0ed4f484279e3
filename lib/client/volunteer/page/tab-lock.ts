const LOCK = "shoal-volunteer";

/** The right of this tab to compute, as the function that gives it up; null when another tab of this browser profile has it. */
export async function takeTabLock(): Promise<(() => void) | null> {
  // Browsers without Web Locks cannot tell; two tabs then share the device, which the instance tolerates.
  if (!("locks" in navigator)) return () => undefined;
  const { promise, resolve } = Promise.withResolvers<(() => void) | null>();
  navigator.locks
    .request(LOCK, { ifAvailable: true }, async (lock) => {
      if (!lock) return resolve(null);
      const held = Promise.withResolvers<void>();
      resolve(held.resolve);
      await held.promise;
    })
    .catch(() => resolve(null));
  return await promise;
}

/** Settles when no tab computes any more; at once where browsers cannot tell. */
export async function untilTabLockIsFree(): Promise<void> {
  if ("locks" in navigator) await navigator.locks.request(LOCK, { mode: "shared" }, () => undefined);
}
