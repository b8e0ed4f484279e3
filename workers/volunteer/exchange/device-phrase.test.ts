import { generateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english";
import { describe, expect, test } from "vitest";
import { describeDeviceKey, exportDeviceKey, signStatement } from "./device-key.ts";
import { createDevicePhrase, type DevicePhrase, deriveDeviceKey, readDevicePhrase } from "./device-phrase.ts";

const KNOWN = "legal winner thank year wave sausage worth useful legal winner thank yellow" as DevicePhrase;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

describe("a phrase", () => {
  test("gives the same key everywhere and for ever", async () => {
    const key = await deriveDeviceKey(KNOWN, { extractable: true });
    // Computed apart from this code, with Python's hashlib and whole numbers: changing it would lose every device that was written down.
    expect(await exportDeviceKey(key)).toMatchObject({
      d: "F0idkPUJY_ckGL8bBZPBeLkhQk2_8Sd3euveRgLByWU",
      x: "ry_76hMLNS3ClUu2E_owqPjx1k23dtZICa-rbo_duvI",
      y: "GwUz2S3nRdyyoRzRnIgyo04hbJXzJU3D5SyvO71qGlA",
    });
  });

  test("is new each time, of twelve words with a checksum, and makes a key that signs as the protocol asks", async () => {
    const phrases = Array.from({ length: 50 }, createDevicePhrase);
    expect(new Set(phrases).size).toBe(50);
    for (const phrase of phrases) expect(readDevicePhrase(phrase)).toEqual({ phrase });
    const key = await deriveDeviceKey(createDevicePhrase(), { extractable: false });
    const { publicKey } = await describeDeviceKey(key);
    const signature = Buffer.from(await signStatement(key, "a statement"), "base64url");
    const verifier = await crypto.subtle.importKey("jwk", publicKey, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    expect(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, verifier, signature, new TextEncoder().encode("a statement"))).toBe(true);
    await expect(exportDeviceKey(key)).rejects.toThrow();
  });

  test("makes keys within the order, with a point on the curve, for many phrases", async () => {
    for (let i = 0; i < 20; i++) {
      const { d } = await exportDeviceKey(await deriveDeviceKey(createDevicePhrase(), { extractable: true }));
      const scalar = BigInt(`0x${Buffer.from(String(d), "base64url").toString("hex")}`);
      expect(scalar > 0n && scalar < ORDER).toBe(true);
    }
  });
});

describe("a typed phrase", () => {
  test("is read in any case and spacing", () => {
    expect(readDevicePhrase(`  ${KNOWN.toUpperCase().replaceAll(" ", "\n ")} `)).toEqual({ phrase: KNOWN });
  });

  test("is told what is wrong with it", () => {
    expect(readDevicePhrase("")).toEqual({ problem: "count", count: 0 });
    expect(readDevicePhrase(KNOWN.replace("winner ", ""))).toEqual({ problem: "count", count: 11 });
    expect(readDevicePhrase(KNOWN.replace("sausage", "sausages").replace("useful", "öseful"))).toMatchObject({
      problem: "words",
      words: ["sausages", expect.anything()],
    });
    expect(readDevicePhrase(KNOWN.replace("legal winner", "winner legal"))).toEqual({ problem: "checksum" });
    expect(readDevicePhrase(generateMnemonic(wordlist, 256))).toEqual({ problem: "count", count: 24 });
  });
});
