import "server-only";
import { createHash } from "node:crypto";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { listTrustWindows as listTrustWindowsEndpoint } from "#lib/protocol/jobs/trust.ts";
import type { Context } from "../context.ts";
import { listWindows } from "./window-store.ts";

type Endpoint = typeof listTrustWindowsEndpoint;

const WINDOWS_MAX = 100;

/** The last windows of a class, the newest first, with what proves that the lottery was not chosen afterwards: its secret's hash at once, the secret once it is of no use to anybody. */
export async function listTrustWindows(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const windows = await listWindows(ctx.db, input.assurance, WINDOWS_MAX);
  return {
    windows: windows.map(({ no, openedAt, endedAt, closedAt, results, secret }) => ({
      no,
      openedAt: openedAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
      closedAt: closedAt?.toISOString() ?? null,
      results,
      commitment: createHash("sha256").update(secret).digest("hex"),
      secret: closedAt ? Buffer.from(secret).toString("hex") : null,
    })),
  };
}
