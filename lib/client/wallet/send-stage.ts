/** What is going on: the chain is asked whether it would succeed; the wallet's person decides; the transaction waits for its block; it is in one. */
export const SEND_STAGES = ["checking", "asking", "sent", "confirmed"] as const;
export type SendStage = (typeof SEND_STAGES)[number];
export type Progress = { stage: SendStage; txHash: `0x${string}` | null };
