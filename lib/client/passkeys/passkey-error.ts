import type { Words } from "#lib/text/words.ts";

/** A passkey that was not made or not used, with what to do in words. */
class PasskeyError extends Error {
  override name = "PasskeyError";
}

/** What browsers report, by the name of the error; anything else is shown as it is. */
const KNOWN = {
  NotAllowedError: "declined",
  AbortError: "declined",
  InvalidStateError: "known",
  SecurityError: "wrongSite",
  NotSupportedError: "unsupported",
} as const;

/** Runs a browser's dialog about passkeys. Throws PasskeyError in the reader's words where it ends without one. */
export async function askBrowser<T>(words: Words, dialog: () => Promise<T>): Promise<T> {
  const { passkeys } = words.text.account;
  try {
    return await dialog();
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
    const problem = KNOWN[name as keyof typeof KNOWN];
    throw new PasskeyError(problem ? passkeys.problems[problem] : words.fill(passkeys.problems.other, { problem: message }), { cause: error });
  }
}
