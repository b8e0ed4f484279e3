/** The page answers on this channel while attempts run, so that one that reaches it learns so. */
export const ESCAPE_CHANNEL = "shoal-escape";
