import { createHash, webcrypto } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createChallenge } from "#lib/protocol/accounts/accounts.ts";
import { deviceStatement, registerDevice } from "#lib/protocol/devices/devices.ts";
import { exchangeErrands } from "#lib/protocol/errands/errands.ts";
import { ApiError, type ErrorCode } from "#lib/protocol/errors.ts";
import { type ExchangeInput, type ExchangeOutput, exchange, type GrantView, type JobManifest } from "#lib/protocol/exchange/exchange.ts";
import { getLegal, LEGAL_TEXTS, type ShownVersions } from "#lib/protocol/legal/legal.ts";

/** What the script says to one exchange: an answer, an error of the protocol, or a connection that breaks before the answer. */
type Scripted = ExchangeOutput | { error: ErrorCode } | "lost";
export type Script = (input: ExchangeInput, seen: readonly ExchangeInput[]) => Scripted | Promise<Scripted>;

/** A device's token, as the instance hands it out. */
const TOKEN = "scripted-token";
/** The version of its texts. */
const LEGAL_VERSION = "2026-01-01";
/** There are no errands here: whoever asks for them comes again after the test. */
const ERRAND_RETRY_MS = 60_000;
const DEVICE_ID = `dev_${"d".repeat(32)}` as const;

export const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/**
 * The other end of the wire for tests: an HTTP server that speaks the protocol, checks every request against its schema and answers exchanges as a script
 * says. It decides nothing by itself.
 */
export class ScriptedInstance {
  readonly exchanges: ExchangeInput[] = [];
  readonly uploads = new Map<string, Uint8Array>();
  readonly ranges: string[] = [];
  readonly fetched: string[] = [];
  readonly registrations: { kind: string; enrolmentCode?: string | undefined; consent?: ShownVersions | undefined }[] = [];
  /** What was wrong with requests; empty at the end of a good test. */
  readonly problems: string[] = [];
  script: Script;
  uploadStatus = 201;
  readonly #artifacts = new Map<string, Uint8Array>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #nonces = 0;

  constructor(script: Script) {
    this.script = script;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  addArtifact(bytes: Uint8Array): { sha256: string; url: string } {
    const digest = sha256(bytes);
    this.#artifacts.set(digest, bytes);
    return { sha256: digest, url: `/artifacts/${digest}` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
      await this.#route(request, response, Buffer.concat(chunks));
    } catch (error) {
      this.problems.push(`${request.method} ${request.url}: ${error instanceof Error ? error.message : String(error)}`);
      response.writeHead(500).end();
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", this.url);
    const json = () => JSON.parse(body.toString()) as unknown;
    if (request.method === "POST" && pathname === createChallenge.path) {
      createChallenge.input.parse(json());
      return send(response, 200, { nonce: `nonce${++this.#nonces}`, origin: this.url, expiresAt: inTenMinutes() });
    }
    if (request.method === "GET" && pathname === getLegal.path) {
      return send(response, 200, { texts: LEGAL_TEXTS.map((document) => ({ document, version: LEGAL_VERSION, url: `${this.url}/${document}` })) });
    }
    if (request.method === "POST" && pathname === registerDevice.path) return await this.#register(json(), response);
    if (request.method === "POST" && pathname === exchange.path) return await this.#exchange(request, response, json());
    if (request.method === "POST" && pathname === exchangeErrands.path) {
      exchangeErrands.input.parse(json());
      return send(response, 200, { errands: [], retryAfterMs: ERRAND_RETRY_MS });
    }
    if (request.method === "GET" && pathname.startsWith("/artifacts/")) return this.#artifact(request, response, pathname.slice(11));
    if (request.method === "PUT" && pathname.startsWith("/outputs/")) return this.#upload(response, pathname.slice(9), body);
    throw new Error("there is no such route");
  }

  async #register(body: unknown, response: ServerResponse): Promise<void> {
    const { publicKey, nonce, signature, kind, enrolmentCode, consent } = registerDevice.input.parse(body);
    const key = await webcrypto.subtle.importKey("jwk", publicKey, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    const thumbprint = createHash("sha256")
      .update(JSON.stringify({ crv: "P-256", kty: "EC", x: publicKey.x, y: publicKey.y }))
      .digest("base64url");
    const statement = new TextEncoder().encode(deviceStatement({ origin: this.url, nonce }, thumbprint));
    const isSigned = await webcrypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(signature, "base64url"), statement);
    if (!isSigned) throw new Error("the device's signature does not fit");
    this.registrations.push({ kind, enrolmentCode, consent });
    send(response, 200, { deviceId: DEVICE_ID, token: TOKEN, expiresAt: inTenMinutes(), trusted: enrolmentCode !== undefined, checksOwnJobs: false });
  }

  async #exchange(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) throw new Error("the exchange carries no token");
    const input = exchange.input.parse(body);
    this.exchanges.push(input);
    const said = await this.script(input, this.exchanges);
    if (said === "lost") return void request.socket.destroy();
    if ("error" in said) {
      const { code, params, message, status } = new ApiError(said.error);
      return send(response, status, { error: { code, params, message } });
    }
    send(response, 200, exchange.output.parse(said));
  }

  #artifact(request: IncomingMessage, response: ServerResponse, digest: string): void {
    const bytes = this.#artifacts.get(digest);
    if (!bytes) return void response.writeHead(404).end();
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
    if (!range) {
      this.fetched.push(digest);
      return void response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    }
    this.ranges.push(range[0]);
    const [from, last] = [Number(range[1]), Number(range[2])];
    response.writeHead(206, { "content-range": `bytes ${from}-${last}/${bytes.length}` }).end(bytes.subarray(from, last + 1));
  }

  #upload(response: ServerResponse, digest: string, body: Buffer): void {
    if (sha256(body) !== digest) throw new Error("the upload does not have the digest of its name");
    if (this.uploadStatus < 300) this.uploads.set(digest, new Uint8Array(body));
    send(response, this.uploadStatus, { sha256: digest, bytes: body.length });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function inTenMinutes(): string {
  return new Date(Date.now() + 600_000).toISOString();
}

/** A script that grants `views` in order, one per asking exchange, takes every result, and then has nothing. */
export function grantInOrder(views: readonly GrantView[], manifests: readonly JobManifest[]): Script {
  const left = [...views];
  return (input) => {
    const next = input.want.shardsMax > 0 ? left.shift() : undefined;
    const described = manifests.filter((m) => m.jobId === next?.jobId && !input.knownJobs.includes(m.jobId));
    return answerTo(input, { grants: next ? [next] : [], manifests: described, reason: next || input.want.shardsMax === 0 ? null : "all_granted" });
  };
}

/** An answer that takes all results, with what differs. */
export function answerTo(input: ExchangeInput, over: Partial<ExchangeOutput> = {}): ExchangeOutput {
  const acks = input.reports.map(({ jobId, grantId }) => ({ jobId, grantId, state: "taken" as const }));
  return { acks, grants: [], manifests: [], stop: [], settings: { reportEveryMs: 15_000 }, retryAfterMs: 400, reason: null, ...over };
}
