import "server-only";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import type { offerPasskey as offerEndpoint } from "#lib/protocol/accounts/passkeys.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context } from "../../context.ts";
import { newId } from "../../ids.ts";
import { requireFreshSession } from "../../principal.ts";
import { makeChallenge } from "../create-challenge.ts";
import { listPasskeyRows } from "./passkey-store.ts";
import { ALGORITHMS, relyingParty } from "./read-credential.ts";

type Endpoint = typeof offerEndpoint;
const NAME_DIGITS = 6;

/** The terms of a passkey that is to be made. The number of a new account is chosen here, and is no account before the passkey comes back. */
export async function offerPasskey(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const isNew = input.for === "account";
  const accountId: AccountId = isNew ? newId("acc") : requireFreshSession(ctx.principal, ctx.clock.now()).accountId;
  const known = isNew ? [] : await listPasskeyRows(ctx.db, accountId);
  const { nonce, expiresAt } = await makeChallenge(ctx, isNew ? "passkey-account" : "passkey-add", accountId);
  return {
    challenge: nonce,
    expiresAt: expiresAt.toISOString(),
    rp: { id: relyingParty(ctx.config), name: "Shoal" },
    user: { id: Buffer.from(uuidOf(accountId), "hex").toString("base64url"), name: `Shoal ${uuidOf(accountId).slice(-NAME_DIGITS)}` },
    algorithms: ALGORITHMS,
    excluded: known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: transports as OutputOf<Endpoint>["excluded"][number]["transports"],
    })),
  };
}
