/** The closed list of what an account's money can be; the table's definition says what each holds. */
export const ACCOUNT_SIDES = ["available", "releasing", "clearing", "publishing", "published", "fee", "issued", "chain"] as const;
export type AccountSide = (typeof ACCOUNT_SIDES)[number];
