import { join } from "node:path";
import { expect, test } from "vitest";
import { callsOut, findCallers } from "./outgoing-calls.ts";

/**
 * Where the server calls another machine, and who says which. A new one may be added here only if no account, device or visitor can choose the address, also not
 * of its host, nor by a redirect.
 */
const CALLERS: Record<string, string> = {
  "lib/server/accounts/wallet-signature.ts": "CHAIN_RPC_URL",
  "lib/server/artifacts/s3/read-object.ts": "S3_ENDPOINT",
  "lib/server/artifacts/s3/s3-blob-store.ts": "S3_ENDPOINT",
  "lib/server/artifacts/s3/s3-faults.ts": "S3_ENDPOINT",
  "lib/server/artifacts/s3/s3-partial-store.ts": "S3_ENDPOINT",
  "lib/server/chain/call-chain.ts": "CHAIN_RPC_URL",
  "lib/server/chain/chain-client.ts": "CHAIN_RPC_URL",
  "lib/server/chain/request-faucet.ts": "CHAIN_RPC_URL",
  "lib/server/payouts/guardian/guard-pool.ts": "CHAIN_RPC_URL",
  "lib/server/payouts/pay-claims.ts": "CHAIN_RPC_URL",
  "lib/server/payouts/push-transaction.ts": "CHAIN_RPC_URL",
  "lib/server/payouts/relay/relay-claim.ts": "CHAIN_RPC_URL",
  // Whom it calls is the operator's; what follows the host in an endpoint is the browser's, and goes nowhere else: decision 077.
  "lib/server/push/post-push.ts": "PUSH_HOSTS",
  "lib/server/tracing/start-tracing.ts": "TRACES_URL",
  "ops/guardian.ts": "CHAIN_RPC_URL and SHOAL_URL of the guardian",
};

test("no URL is ever fetched for a user: the server calls only what its operator's settings name", () => {
  expect(findCallers(join(import.meta.dirname, "..", ".."))).toEqual(Object.keys(CALLERS).sort());
});

test.each([
  ["await fetch(input.url)"],
  ['import { connect } from "node:net";'],
  ['import { request } from "node:http";'],
  ["const client = createPublicClient({ transport: http(url) });"],
  ["new WebSocket(input.url)"],
  ['import { S3Client } from "@aws-sdk/client-s3";'],
  ['import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";'],
  ['import webpush from "web-push";'],
])("a way out is seen: %s", (source) => {
  expect(callsOut(source)).toBe(true);
});

test.each([
  ['"use client";\nawait fetch(url)'],
  ["options.fetch(url)"],
  ['import type { IncomingMessage } from "node:http";'],
  ['z.url({ protocol: "http" })'],
])("what is none is not: %s", (source) => {
  expect(callsOut(source)).toBe(false);
});
