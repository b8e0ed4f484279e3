import type { AccountId } from "../ids.ts";

/** The account that is nobody's wallet: fees stand there. */
export const PLATFORM_ACCOUNT: AccountId = "acc_00000000000070008000000000000001";
