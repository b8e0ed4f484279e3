import { privateKeyToAccount } from "viem/accounts";
import { onEveryChain } from "#lib/server/chain/choose-chain.ts";
import { payClaims } from "#lib/server/payouts/pay-claims.ts";
import { openServices } from "#lib/server/services.ts";

/*
 * `npm run pay-claims -- 1000000`: pays out what accounts can claim from the contract, to those with at least so many millionths due, on the chain with the
 * number that a second argument names or on the first, at the expense of the wallet of PAYER_KEY. Wallets
 * that sit next to each other in the tree are paid in one transaction with one proof. PAYER_KEY is another key than the operator's, whose transactions must not wait for these.
 */
const [least = "1000000", chain] = process.argv.slice(2);
const key = process.env.PAYER_KEY ?? "";
if (!/^[1-9]\d{0,17}$/.test(least)) exit("The smallest amount must be a whole number of millionths, such as 1000000.");
if (!/^0x[0-9a-fA-F]{64}$/.test(key)) exit("PAYER_KEY is missing or wrong; it must be a private key: 0x and 64 hexadecimal digits.");
if (chain !== undefined && !/^[1-9]\d{0,15}$/.test(chain)) exit("The chain must be its number, such as 8453.");
const opened = await openServices(process.env);
const services = onEveryChain(opened).find(({ config }) => chain === undefined || config.chain.id === Number(chain));
if (!services) exit(`Chain ${chain} is not among the chains of this instance.`);
if (services.config.pool?.operatorKey === key) exit("PAYER_KEY must be another key than POOL_OPERATOR_KEY.");
const { payees, amountMicro, transactions } = await payClaims(services, privateKeyToAccount(key as `0x${string}`), { leastMicro: BigInt(least) });
console.log(`Paid ${amountMicro} millionths to ${payees} accounts in ${transactions} transactions.`);
await opened.db.end({ timeout: 5 });

function exit(problem: string): never {
  console.error(problem);
  process.exit(1);
}
