import "server-only";
import type { Config } from "../config/config.ts";
import type { Tx } from "../db/client.ts";
import { type Account, grantRole } from "./account-store.ts";

/** Makes the account of a wallet that the settings name an operator, in any case of letters; answers with the account as it is then. */
export async function grantOperator(tx: Tx, { operatorAddresses }: Config, account: Account): Promise<Account> {
  const address = account.address?.toLowerCase();
  const isNamed = operatorAddresses.some((operator) => operator.toLowerCase() === address);
  if (!isNamed || account.roles.includes("operator")) return account;
  await grantRole(tx, account.id, "operator");
  return { ...account, roles: [...account.roles, "operator"] };
}
