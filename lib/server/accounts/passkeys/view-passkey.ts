import "server-only";
import type { PasskeyView } from "#lib/protocol/accounts/passkey-view.ts";
import type { Passkey } from "./passkey-store.ts";

/** A passkey without its key. */
export function viewPasskey({ id, name, isBackedUp, createdAt, lastUsedAt }: Passkey): PasskeyView {
  return { id, name, isBackedUp, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null };
}
