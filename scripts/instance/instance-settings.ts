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
  /** The people of the contracts on the local chain. */
  pool: Record<"admin" | "operator" | "relayer" | "guardian" | "sponsor", PrivateKeyAccount>;
  /** Two volunteers, to whom the demo's devices belong. */
  earners: [PrivateKeyAccount, PrivateKeyAccount];
  folder: string;
};

/** The secrets of the instance in this folder, made on first use and readable by this user alone, so that a second run finds its accounts again. */
export function readInstanceSettings(folder: string): InstanceSettings {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const wallet = (name: string) => privateKeyToAccount(keep(join(folder, name), generatePrivateKey));
  return {
    folder,
    pool: {
      admin: wallet("pool-admin-key"),
      operator: wallet("pool-operator-key"),
      relayer: wallet("pool-relayer-key"),
      guardian: wallet("pool-guardian-key"),
      sponsor: wallet("pool-sponsor-key"),
    },
    earners: [wallet("earner-1-key"), wallet("earner-2-key")],
    sessionSecret: keep(join(folder, "session-secret"), () => randomBytes(32).toString("hex")),
    owner: wallet("owner-key"),
    operator: wallet("operator-key"),
  };
}

/** The private key of one of them, for the process that signs with it. */
export function keyOf({ folder }: InstanceSettings, name: "pool-operator-key" | "pool-relayer-key" | "pool-admin-key" | "pool-guardian-key"): string {
  return readFileSync(join(folder, name), "utf8");
}

function keep<T extends string>(path: string, make: () => T): T {
  if (!existsSync(path)) writeFileSync(path, make(), { mode: 0o600 });
  return readFileSync(path, "utf8") as T;
}
