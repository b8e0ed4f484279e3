import "server-only";
import { randomBytes } from "node:crypto";
import type { createEnrolment as createEnrolmentEndpoint } from "#lib/protocol/devices/devices.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { hashSecret } from "../accounts/keys/key-secret.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { newId } from "../ids.ts";
import { requireOperator } from "../principal.ts";
import { insertEnrolment } from "./enrolment-store.ts";

type Endpoint = typeof createEnrolmentEndpoint;

/** How long a one-time code may be presented. */
export const ENROLMENT_TTL_MS = 60 * 60_000;

/** A code of an operator that makes one device trusted, within an hour. It is shown this once; hexadecimal, so that a command line takes it as it is. */
export async function createEnrolment(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireOperator(ctx.principal, "devices:manage");
  const id = newId("enr");
  const code = randomBytes(16).toString("hex");
  const createdAt = ctx.clock.now();
  const expiresAt = new Date(createdAt.getTime() + ENROLMENT_TTL_MS);
  await transaction(ctx.db, (tx) => insertEnrolment(tx, { id, codeHash: hashSecret(code), createdBy: accountId, checksFor: null, createdAt, expiresAt }));
  return { id, code, expiresAt: expiresAt.toISOString() };
}
