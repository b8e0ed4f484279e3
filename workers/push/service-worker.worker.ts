import type { PushMessage } from "#lib/protocol/push/push-message.ts";
import { describeMessage, pageOf, type ShownNotice } from "./describe-message.ts";

/* The service worker of pushed notices. It has no other events: its scope holds no page, so that it sees no request, and it keeps nothing. */

type PushScope = {
  registration: { showNotification(title: string, options: Omit<ShownNotice, "title"> & { data: unknown; icon: string; badge: string }): Promise<void> };
  clients: {
    matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly { url: string; focus(): Promise<unknown> }[]>;
    openWindow(url: string): Promise<unknown>;
  };
  location: { origin: string };
  addEventListener(type: "push", listener: (event: Waiting & { data: { json(): unknown } | null }) => void): void;
  addEventListener(type: "notificationclick", listener: (event: Waiting & { notification: { data: unknown; close(): void } }) => void): void;
};
type Waiting = { waitUntil(done: Promise<unknown>): void };

const scope = globalThis as unknown as PushScope;
const ICON = "/icons/icon-192.png";

scope.addEventListener("push", (event) => {
  const message = readMessage(event.data);
  const { title, ...shown } = describeMessage(message);
  event.waitUntil(scope.registration.showNotification(title, { ...shown, icon: ICON, badge: ICON, data: pageOf(message) }));
});

scope.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(String(event.notification.data)));
});

/** Null for what is no message; something has to be shown all the same. */
function readMessage(data: { json(): unknown } | null): PushMessage | null {
  try {
    return data?.json() as PushMessage | null;
  } catch {
    return null;
  }
}

/** Goes to a tab that shows the page already, or opens it. */
async function open(path: string): Promise<void> {
  const url = new URL(path, scope.location.origin).href;
  const tabs = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = tabs.find((tab) => tab.url === url);
  await (shown ? shown.focus() : scope.clients.openWindow(url));
}
