import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";

export type InstanceSettings = {
  sessionSecret: string;
  /** Submits the example. */
  owner: PrivateKeyAccount;
  /** Enrols the trusted device. */
  operator: PrivateKeyAccount;
};

/** The secrets of the instance in this folder, made on first use and readable by this user alone, so that a second run finds its accounts again. */
export function readInstanceSettings(folder: string): InstanceSettings {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    sessionSecret: keep(join(folder, "session-secret"), () => randomBytes(32).toString("hex")),
    owner: privateKeyToAccount(keep(join(folder, "owner-key"), generatePrivateKey)),
    operator: privateKeyToAccount(keep(join(folder, "operator-key"), generatePrivateKey)),
  };
}

function keep<T extends string>(path: string, make: () => T): T {
  if (!existsSync(path)) writeFileSync(path, make(), { mode: 0o600 });
  return readFileSync(path, "utf8") as T;
}
