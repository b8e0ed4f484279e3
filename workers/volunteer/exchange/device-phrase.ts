import { p256 } from "@noble/curves/p256";
import { entropyToMnemonic, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english";
import { type DeviceKey, importDeviceKey, toBase64Url } from "./device-key.ts";

/** Twelve words of BIP-39's English list, of which a device's key follows: in lower case, with one space between them. */
export type DevicePhrase = string & { readonly __phrase: "device" };

/** How many words a phrase has: 128 random bits and a checksum of four. */
const PHRASE_WORDS = 12;
const ENTROPY_BYTES = 16;
/** BIP-39: the seed of a mnemonic without a passphrase. */
const SEED = { salt: "mnemonic", iterations: 2048, bits: 512 } as const;
/** Names the use, so that the same words in a wallet give another key. */
const KEY_INFO = "shoal device key v1";
/** 64 bits more than the order has, so that the remainder is as good as even. */
const SCALAR_BITS = 384;

/** A new phrase, from the platform's random numbers. */
export function createDevicePhrase(): DevicePhrase {
  return entropyToMnemonic(crypto.getRandomValues(new Uint8Array(ENTROPY_BYTES)), wordlist) as DevicePhrase;
}

/** A phrase that was typed, in any case and spacing; or what is wrong with it: the number of words, which words are none of the list, or the checksum. */
export type ReadPhrase = { phrase: DevicePhrase } | { problem: "count"; count: number } | { problem: "words"; words: string[] } | { problem: "checksum" };

/** Reads a typed phrase. The checksum finds most words that were mistaken for another, and words in another order. */
export function readDevicePhrase(text: string): ReadPhrase {
  const words = text.normalize("NFKD").toLowerCase().split(/\s+/).filter(Boolean);
  const unknown = words.filter((word) => !wordlist.includes(word));
  if (unknown.length > 0) return { problem: "words", words: unknown };
  if (words.length !== PHRASE_WORDS) return { problem: "count", count: words.length };
  const phrase = words.join(" ");
  return validateMnemonic(phrase, wordlist) ? { phrase: phrase as DevicePhrase } : { problem: "checksum" };
}

/**
 * The key that follows from a phrase, the same on every platform: the BIP-39 seed, from it 48 bytes by HKDF-SHA-256 (RFC 5869) without salt and with the info
 * `shoal device key v1`, and d = those bytes, big-endian, modulo n − 1, plus 1, as the private key on P-256 (FIPS 186-5, A.2.1: extra random bits).
 */
export async function deriveDeviceKey(phrase: DevicePhrase, options: { extractable: boolean }): Promise<DeviceKey> {
  const seed = await deriveBits(phrase, { name: "PBKDF2", hash: "SHA-512", salt: bytesOf(SEED.salt), iterations: SEED.iterations }, SEED.bits);
  const material = await deriveBits(seed, { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytesOf(KEY_INFO) }, SCALAR_BITS);
  const scalar = (BigInt(`0x${hexOf(new Uint8Array(material))}`) % (p256.CURVE.n - 1n)) + 1n;
  const point = p256.ProjectivePoint.BASE.multiply(scalar).toAffine();
  const [x, y, d] = [point.x, point.y, scalar].map((value) => toBase64Url(p256.CURVE.Fp.toBytes(value)));
  return await importDeviceKey({ kty: "EC", crv: "P-256", x, y, d } as JsonWebKey, options);
}

type Derivation = Pbkdf2Params | HkdfParams;

async function deriveBits(secret: string | ArrayBuffer, derivation: Derivation, bits: number): Promise<ArrayBuffer> {
  const key = await crypto.subtle.importKey("raw", typeof secret === "string" ? bytesOf(secret) : secret, derivation.name, false, ["deriveBits"]);
  return await crypto.subtle.deriveBits(derivation, key, bits);
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
