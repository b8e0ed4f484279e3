import "server-only";
import { randomBytes } from "node:crypto";
import type { createChallenge as createChallengeEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { insertChallenge } from "./challenge-store.ts";

type Endpoint = typeof createChallengeEndpoint;

const CHALLENGE_TTL_MS = 5 * 60_000;

/** A value to sign once, within five minutes. Hexadecimal, because EIP-4361 allows letters and digits only. */
export async function createChallenge(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const nonce = randomBytes(24).toString("hex");
  const expiresAt = new Date(ctx.clock.now().getTime() + CHALLENGE_TTL_MS);
  await transaction(ctx.db, (tx) => insertChallenge(tx, { nonce, purpose: input.purpose, expiresAt }), "relaxed");
  return { nonce, origin: ctx.config.origin, chainId: ctx.config.chain.id, expiresAt: expiresAt.toISOString() };
}
