import "server-only";
import { randomBytes } from "node:crypto";
import { CHECKING_DEVICES_MAX } from "#lib/domain/trust/own-check.ts";
import type { createCheckingCode as createCheckingCodeEndpoint } from "#lib/protocol/devices/checking-devices.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { hashSecret } from "../../accounts/keys/key-secret.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { newId } from "../../ids.ts";
import { requireAccount } from "../../principal.ts";
import { ENROLMENT_TTL_MS } from "../create-enrolment.ts";
import { insertEnrolment } from "../enrolment-store.ts";
import { countCheckingDevices } from "./checking-device-store.ts";

type Endpoint = typeof createCheckingCodeEndpoint;

/** A code that makes one device check the account's jobs, within an hour. It is shown this once. Throws `conflict` where the account has as many devices as it may. */
export async function createCheckingCode(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:write");
  const id = newId("enr");
  const code = randomBytes(16).toString("hex");
  const createdAt = ctx.clock.now();
  const expiresAt = new Date(createdAt.getTime() + ENROLMENT_TTL_MS);
  await transaction(ctx.db, async (tx) => {
    if ((await countCheckingDevices(tx, accountId)) >= CHECKING_DEVICES_MAX)
      throw new ApiError("conflict", { problem: `${CHECKING_DEVICES_MAX} devices check your jobs, which is the most` });
    await insertEnrolment(tx, { id, codeHash: hashSecret(code), createdBy: accountId, checksFor: accountId, createdAt, expiresAt });
  });
  return { id, code, expiresAt: expiresAt.toISOString() };
}
