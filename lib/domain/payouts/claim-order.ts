/** What an account signs so that somebody else may send its claim (EIP-712); the contract adds what the account has been paid before. */
export const CLAIM_TO_TYPES = {
  ClaimTo: [
    { name: "account", type: "address" },
    { name: "to", type: "address" },
    { name: "relayer", type: "address" },
    { name: "alreadyPaid", type: "uint256" },
    { name: "maxFee", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** Under which name the contract takes signatures. */
export const claimDomain = (chainId: number, distributor: `0x${string}`) =>
  ({ name: "Shoal RewardDistributor", version: "1", chainId, verifyingContract: distributor }) as const;
