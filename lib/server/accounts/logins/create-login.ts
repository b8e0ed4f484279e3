import "server-only";
import { randomBytes, randomInt } from "node:crypto";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { createLogin as createLoginEndpoint } from "#lib/protocol/logins/logins.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { hashSecret } from "../keys/key-secret.ts";
import { insertLogin } from "./login-store.ts";

type Endpoint = typeof createLoginEndpoint;

const LOGIN_TTL_MS = 10 * 60_000;
const POLL_AFTER_MS = 2000;
const ATTEMPTS_MAX = 4;
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
const CODE_LETTERS = 8;

/** Begins a login for whoever asks. Code and secret are kept as hashes: what is in the database opens nothing. */
export async function createLogin(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const createdAt = ctx.clock.now();
  const expiresAt = new Date(createdAt.getTime() + LOGIN_TTL_MS);
  const secret = randomBytes(32).toString("base64url");
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const code = makeCode();
    const login = { ...input, scopes: [...new Set(input.scopes)], codeHash: hashSecret(code), secretHash: hashSecret(secret), createdAt, expiresAt };
    if (await transaction(ctx.db, (tx) => insertLogin(tx, login)))
      return { code, secret, url: `${ctx.config.origin}/device`, expiresAt: expiresAt.toISOString(), pollAfterMs: POLL_AFTER_MS };
  }
  throw new ApiError("unavailable", { problem: "no code was free" });
}

/** Eight letters of twenty, about 34 bits. */
function makeCode(): string {
  const letters = Array.from({ length: CODE_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return `${letters.slice(0, CODE_LETTERS / 2)}-${letters.slice(CODE_LETTERS / 2)}`;
}
