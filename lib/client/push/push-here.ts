import { subscribePush, unsubscribePush } from "#lib/protocol/push/push.ts";
import type { Language } from "#lib/text/languages.ts";
import { api } from "../queries/api.ts";

/** No page lies under it, so that the worker sees no request of any. */
const SCOPE = "/push/";
const WORKER = `${SCOPE}service-worker.js`;

/** Why a browser could not be subscribed, as a name of its sentence. */
export type PushProblem = "denied" | "unreachable" | "failed";

export class PushError extends Error {
  override name = "PushError";
  readonly problem: PushProblem;
  constructor(problem: PushProblem, cause?: unknown) {
    super(`This browser could not be subscribed: ${problem}.`, { cause });
    this.problem = problem;
  }
}

/** Whether this browser has what it takes, at the address where the page is. */
export function canPushHere(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** By which digest the instance knows this browser, or null while it is not subscribed. */
export async function findPushHere(): Promise<string | null> {
  if (!canPushHere()) return null;
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  const subscription = await registration?.pushManager.getSubscription();
  return subscription ? await digestOf(subscription.endpoint) : null;
}

/** Subscribes this browser for whoever is signed in, once they allow notifications. Throws PushError, or the ApiError with which the instance refuses; then nothing is left behind. */
export async function startPushHere(publicKey: string, language: Language): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") throw new PushError("denied");
  const registration = await registerWorker();
  const subscription = await subscribe(registration, publicKey);
  const { p256dh = "", auth = "" } = subscription.toJSON().keys ?? {};
  try {
    await api.call(subscribePush, { endpoint: subscription.endpoint, keys: { p256dh, auth }, language });
  } catch (error) {
    await registration.unregister();
    throw error;
  }
}

/** Ends this browser's subscription, here and at the instance; where there is none, nothing happens. */
export async function stopPushHere(): Promise<void> {
  if (!canPushHere()) return;
  const registration = await navigator.serviceWorker.getRegistration(SCOPE);
  const sha256 = await findPushHere();
  // First here: what the instance still sends is then answered by the service that it ended.
  await registration?.unregister();
  if (sha256) await api.call(unsubscribePush, { sha256 });
}

async function registerWorker(): Promise<ServiceWorkerRegistration> {
  const registration = await navigator.serviceWorker.register(WORKER, { scope: SCOPE, updateViaCache: "none" });
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return registration;
  const { promise, resolve, reject } = Promise.withResolvers<ServiceWorkerRegistration>();
  worker.addEventListener("statechange", () => {
    if (worker.state === "activated") resolve(registration);
    if (worker.state === "redundant") reject(new PushError("failed"));
  });
  return await promise;
}

async function subscribe(registration: ServiceWorkerRegistration, publicKey: string): Promise<PushSubscription> {
  const wish = { userVisibleOnly: true, applicationServerKey: publicKey };
  try {
    return await registration.pushManager.subscribe(wish);
  } catch (error) {
    await registration.unregister();
    throw new PushError(error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "unreachable", error);
  }
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
