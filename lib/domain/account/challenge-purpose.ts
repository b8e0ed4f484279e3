/**
 * What a challenge may be answered for, and nothing else.
 *
 * | purpose | answered by |
 * |---|---|
 * | `sign-in` | a wallet's sign-in message |
 * | `passkey` | a passkey that signs in |
 * | `passkey-account` | the first passkey of an account that is made by it |
 * | `passkey-add` | a further passkey of the account that asked |
 * | `wallet` | the message by which a wallet joins the account that asked |
 * | `device` | a device that asks for its token |
 * | `link` | a device and a wallet that join |
 */
export const CHALLENGE_PURPOSES = ["sign-in", "passkey", "passkey-account", "passkey-add", "wallet", "device", "link"] as const;
export type ChallengePurpose = (typeof CHALLENGE_PURPOSES)[number];
