/**
 * Parts of sentences that the instance says in English inside a refusal, by what they are in the reader's language; what varies is in braces, and `{state}` is the
 * state of a job. English needs none: what is not listed is shown as the instance said it.
 */
export const phrases: Readonly<Record<string, string>> = {};
