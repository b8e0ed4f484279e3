import "server-only";
import type { Logger } from "pino";
import type { BlobStore } from "./artifacts/blob-store.ts";
import type { Config } from "./config/config.ts";
import type { Db } from "./db/client.ts";
import type { Principal } from "./principal.ts";

/** Time as an argument, so that tests can turn it. */
export type Clock = { now(): Date };

/** What every command is given: the means to act, built once per process. */
export type Services = { db: Db; clock: Clock; log: Logger; blobs: BlobStore; config: Config };

/** The header Idempotency-Key of a request to an endpoint, with the SHA-256 of the input that came with it. */
export type Idempotency = { endpoint: string; key: string; inputSha256: string };

/** The means, and on whose behalf. Commands take it first and authorise themselves. */
export type Context<P extends Principal = Principal> = Services & {
  principal: P;
  /** The address the request came from; null where it is not known, absent where there was no request. */
  address?: string | null;
  /** How a repeat of the request is known; null or absent where nothing was sent for it. */
  idempotency?: Idempotency | null;
};
