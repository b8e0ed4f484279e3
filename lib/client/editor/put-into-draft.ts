import type { AccountId } from "#lib/domain/ids.ts";
import { fromDraft, toDraft } from "../queries/submission/draft.ts";
import { keepDraft, readDraft } from "../queries/submission/draft-store.ts";
import { EMPTY_FORM, NOTHING_CARRIED } from "../queries/submission/job-form.ts";

/** Puts a compiled program, and the input it was tried with where the draft has none, into the account's draft of a new job. */
export async function putIntoDraft(account: AccountId, program: File, input: File): Promise<void> {
  const found = await readDraft(account);
  const form = found ? fromDraft(found) : EMPTY_FORM;
  await keepDraft(account, toDraft({ ...form, program, input: form.input ?? input, carried: NOTHING_CARRIED }, new Date()));
}
