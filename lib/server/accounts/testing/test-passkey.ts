import { createHash, createPublicKey, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import type { Assertion, NewCredential } from "#lib/protocol/accounts/passkeys.ts";

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const MAY_BE_SYNCED = 0x08;
const IS_BACKED_UP = 0x10;
const HAS_KEY = 0x40;

/** What an authenticator or the page in front of it may say otherwise than it should. */
export type Lie = Partial<{
  origin: string;
  rpId: string;
  type: string;
  isVerified: boolean;
  counter: number;
  isBackedUp: boolean;
  format: string;
  x5c: Buffer[];
}>;

/** An authenticator in software (WebAuthn level 3, ES256) that counts its uses and says whatever a test wants. */
export class TestPasskey {
  readonly id = randomBytes(16).toString("base64url");
  readonly #key: KeyObject;
  readonly #point: { x: Buffer; y: Buffer };
  readonly #origin: string;
  #uses = 0;

  constructor(origin: string) {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x = "", y = "" } = createPublicKey(privateKey).export({ format: "jwk" });
    this.#key = privateKey;
    this.#point = { x: Buffer.from(x, "base64url"), y: Buffer.from(y, "base64url") };
    this.#origin = origin;
  }

  /** The credential that answers an offer. */
  make(challenge: string, lie: Lie = {}): NewCredential {
    const id = Buffer.from(this.id, "base64url");
    const cose = cbor(new Map<number, unknown>([[1, 2], [3, -7], [-1, 1], [-2, this.#point.x], [-3, this.#point.y]])); // biome-ignore format: one key, one line
    const authData = Buffer.concat([this.#authData(lie, HAS_KEY), Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
    const statement = new Map<string, unknown>(lie.x5c ? [["alg", -7], ["sig", Buffer.alloc(70)], ["x5c", lie.x5c]] : []); // biome-ignore format: one statement, one line
    const attestation = new Map<string, unknown>([["fmt", lie.format ?? "none"], ["attStmt", statement], ["authData", authData]]); // biome-ignore format: one object, one line
    const clientDataJSON = this.#clientData("webauthn.create", challenge, lie).toString("base64url");
    return { id: this.id, response: { clientDataJSON, attestationObject: cbor(attestation).toString("base64url"), transports: ["internal"] } };
  }

  /** A signature over a challenge. */
  sign(challenge: string, lie: Lie = {}): Assertion {
    const authData = this.#authData(lie, 0);
    const clientData = this.#clientData("webauthn.get", challenge, lie);
    const signed = Buffer.concat([authData, createHash("sha256").update(clientData).digest()]);
    const signature = createSign("sha256").update(signed).sign(this.#key).toString("base64url");
    return {
      id: this.id,
      response: { clientDataJSON: clientData.toString("base64url"), authenticatorData: authData.toString("base64url"), signature },
    };
  }

  #clientData(type: string, challenge: string, lie: Lie): Buffer {
    const origin = lie.origin ?? this.#origin;
    return Buffer.from(JSON.stringify({ type: lie.type ?? type, challenge: Buffer.from(challenge).toString("base64url"), origin, crossOrigin: false }));
  }

  #authData(lie: Lie, flags: number): Buffer {
    this.#uses += 1;
    const verified = lie.isVerified === false ? 0 : USER_VERIFIED;
    const backup = lie.isBackedUp ? MAY_BE_SYNCED | IS_BACKED_UP : 0;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(lie.counter ?? this.#uses);
    const rpId = createHash("sha256").update(lie.rpId ?? new URL(this.#origin).hostname).digest(); // biome-ignore format: one hash, one line
    return Buffer.concat([rpId, Buffer.from([USER_PRESENT | verified | backup | flags]), counter]);
  }
}

/** As much of CBOR (RFC 8949) as authenticators write: integers, byte and text strings, arrays and maps. */
function cbor(value: unknown): Buffer {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, held]) => [cbor(key), cbor(held)])]);
  throw new TypeError("no such value in CBOR here");
}

function head(kind: number, size: number): Buffer {
  if (size < 24) return Buffer.from([(kind << 5) | size]);
  if (size < 256) return Buffer.from([(kind << 5) | 24, size]);
  return Buffer.from([(kind << 5) | 25, size >> 8, size & 255]);
}
