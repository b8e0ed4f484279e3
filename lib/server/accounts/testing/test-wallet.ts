import "server-only";
import { keccak256, stringToHex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { createSiweMessage, type SiweMessage } from "viem/siwe";
import { createChallenge, signIn } from "#lib/protocol/accounts/accounts.ts";
import type { Services } from "../../context.ts";
import type { Answer, Caller, Credentials } from "./open-caller.ts";

/** A wallet whose key follows from its name, so that every run has the same addresses. */
export function makeWallet(name: string): PrivateKeyAccount {
  return privateKeyToAccount(keccak256(stringToHex(name)));
}

/** Asks for a nonce. */
export async function askNonce(call: Caller, purpose: "sign-in" | "device" | "link" | "passkey" = "sign-in"): Promise<string> {
  const { body } = await call(createChallenge, { purpose });
  return String(body.nonce);
}

/** The message that a page of the instance would write, with what a test changes. */
export function writeMessage({ config, clock }: Services, fields: Partial<SiweMessage> & Pick<SiweMessage, "address" | "nonce">): string {
  return createSiweMessage({
    domain: new URL(config.origin).host,
    uri: `${config.origin}/sign-in`,
    version: "1",
    chainId: config.chain.id,
    issuedAt: clock.now(),
    statement: "Sign in to Shoal.",
    ...fields,
  });
}

/** Signs in through the door; fails unless the door lets the wallet in. */
export async function signInWith(services: Services, call: Caller, wallet: PrivateKeyAccount): Promise<{ answer: Answer; credentials: Credentials }> {
  const message = writeMessage(services, { address: wallet.address, nonce: await askNonce(call) });
  const answer = await call(signIn, { message, signature: await wallet.signMessage({ message }) });
  if (answer.status !== 200) throw new Error(answer.problem);
  return { answer, credentials: { cookie: answer.setCookie.split(";", 1)[0] ?? "" } };
}
