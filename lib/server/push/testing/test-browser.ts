import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

const KEY_BYTES = 65;
const TAG_BYTES = 16;

/** What a browser keeps of a subscription, and how it reads a message (RFC 8291, RFC 8188), written from these texts and not with the library that encrypts. */
export function makeTestBrowser() {
  const pair = createECDH("prime256v1");
  const publicKey = pair.generateKeys();
  const auth = randomBytes(16);
  return {
    keys: { p256dh: publicKey.toString("base64url"), auth: auth.toString("base64url") },
    /** The message in an `aes128gcm` body; throws for one that was not made for this browser or was changed. */
    decrypt(body: Buffer): string {
      const salt = body.subarray(0, 16);
      const recordBytes = body.readUInt32BE(16);
      const keyBytes = body.readUInt8(20);
      if (keyBytes !== KEY_BYTES) throw new Error(`the sender's key has ${keyBytes} bytes`);
      const senderKey = body.subarray(21, 21 + keyBytes);
      const record = body.subarray(21 + keyBytes);
      if (record.length > recordBytes) throw new Error("there is more than one record");
      const shared = pair.computeSecret(senderKey);
      const keyInfo = Buffer.concat([Buffer.from("WebPush: info\0"), publicKey, senderKey]);
      const inputKey = Buffer.from(hkdfSync("sha256", shared, auth, keyInfo, 32));
      const contentKey = Buffer.from(hkdfSync("sha256", inputKey, salt, "Content-Encoding: aes128gcm\0", 16));
      const nonce = Buffer.from(hkdfSync("sha256", inputKey, salt, "Content-Encoding: nonce\0", 12));
      const decipher = createDecipheriv("aes-128-gcm", contentKey, nonce);
      decipher.setAuthTag(record.subarray(-TAG_BYTES));
      const padded = Buffer.concat([decipher.update(record.subarray(0, -TAG_BYTES)), decipher.final()]);
      const end = padded.lastIndexOf(2);
      if (end === -1 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error("the last record has no delimiter");
      return padded.subarray(0, end).toString();
    },
  };
}
