import "server-only";
import type { Address } from "viem";
import { parseSiweMessage, type SiweMessage, validateSiweMessage } from "viem/siwe";
import { getAddress } from "viem/utils";
import { ApiError } from "#lib/protocol/errors.ts";

export type Claim = {
  /** With EIP-55's checksum. */
  address: Address;
  nonce: string;
  /** What the signer says it is about, where it says so. */
  requestId: string | null;
};

/** What a message has to say to be meant for this instance, now. */
export type Expectation = { origin: string; chainId: number; now: Date };

/**
 * Who an EIP-4361 message says is signing in. Throws `bad_request` for text that is no such message, `signature_invalid` with the reason for one that was
 * written for another site, chain or time: signing it somewhere else must not open a session here.
 */
export function readSiweMessage(text: string, expected: Expectation): Claim {
  const message = parseSiweMessage(text);
  if (!isComplete(message)) throw new ApiError("bad_request", { field: "message", problem: "it is not an EIP-4361 message of version 1" });
  const problem = findProblem(message, expected);
  if (problem !== null) throw new ApiError("signature_invalid", { problem });
  return { address: getAddress(message.address), nonce: message.nonce, requestId: message.requestId ?? null };
}

type Parsed = ReturnType<typeof parseSiweMessage>;
type Complete = Parsed & Pick<SiweMessage, "address" | "domain" | "uri" | "version" | "chainId" | "nonce" | "issuedAt">;

function isComplete(message: Parsed): message is Complete {
  const { address, domain, uri, version, chainId, nonce, issuedAt } = message;
  return Boolean(address && domain && uri && chainId && nonce && issuedAt) && version === "1" && !Number.isNaN(issuedAt?.getTime());
}

function findProblem(message: Complete, { origin, chainId, now }: Expectation): string | null {
  const site = new URL(origin);
  if (message.domain !== site.host) return `the message is for another site than ${site.host}`;
  if (message.scheme !== undefined && `${message.scheme}:` !== site.protocol) return `the message is not for ${site.protocol}//`;
  if (!URL.canParse(message.uri) || new URL(message.uri).origin !== site.origin) return `the message's URI does not belong to ${site.origin}`;
  if (message.chainId !== chainId) return `the message is for another chain than ${chainId}`;
  return validateSiweMessage({ message, time: now }) ? null : "the message has expired or is not valid yet";
}
