import "server-only";
import { createECDH } from "node:crypto";
import type { Services } from "../context.ts";
import type { Reader } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";

/** The instance's key pair towards push services, base64url: an uncompressed point of P-256 and its scalar. */
export type PushKeys = { publicKey: string; privateKey: string };

/** The key pair, made when it is first asked for and the same ever after, whoever asks at the same moment. */
export async function getPushKeys({ db, clock }: Pick<Services, "db" | "clock">): Promise<PushKeys> {
  const found = await findKeys(db);
  if (found) return found;
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  const [publicKey, privateKey] = [pair.getPublicKey("base64url"), Buffer.from(pair.getPrivateKey("hex").padStart(64, "0"), "hex").toString("base64url")];
  return await transaction(db, async (tx) => {
    await tx`insert into push_keys (public_key, private_key, created_at) values (${publicKey}, ${privateKey}, ${clock.now()}) on conflict do nothing`;
    const kept = await findKeys(tx);
    if (!kept) throw new Error("the keys for push services were not stored");
    return kept;
  });
}

async function findKeys(reader: Reader): Promise<PushKeys | null> {
  const [row] = await reader<PushKeys[]>`select public_key as "publicKey", private_key as "privateKey" from push_keys where id = 1`;
  return row ?? null;
}
