import { EMPTY_FORM, type JobField, type JobForm } from "./job-form.ts";

/** A file above this is not kept with a draft: a browser copies what it keeps. */
export const DRAFT_FILE_BYTES_MAX = 64 * 1024 * 1024;

/** A draft as a browser keeps it. `large` names files that were chosen and not kept. The confirmation is never part of it. */
export type Draft = { form: Omit<JobForm, "isConfirmed">; large: { field: "program" | "input" | "files"; name: string }[]; savedAt: Date };

/** What of a form is kept. */
export function toDraft({ isConfirmed: _, ...form }: JobForm, savedAt: Date): Draft {
  const large: Draft["large"] = [];
  const keep = (field: "program" | "input", file: File | null): File | null => {
    if (!file || file.size <= DRAFT_FILE_BYTES_MAX) return file;
    large.push({ field, name: file.name });
    return null;
  };
  const files = form.files.filter(({ name, file }) => {
    if (file.size <= DRAFT_FILE_BYTES_MAX) return true;
    large.push({ field: "files", name });
    return false;
  });
  return { form: { ...form, program: keep("program", form.program), input: keep("input", form.input), files }, large, savedAt };
}

/** The form of a draft; fields that an older version of the page did not know are as in an empty form. */
export function fromDraft({ form }: Draft): JobForm {
  const known = Object.entries(form).filter(([field]) => Object.hasOwn(EMPTY_FORM, field));
  return { ...EMPTY_FORM, ...(Object.fromEntries(known) as Partial<JobForm>), isConfirmed: false };
}

/** Whether somebody has entered anything. */
export function hasEntries(form: JobForm): boolean {
  return (Object.keys(EMPTY_FORM) as JobField[]).some((field) => {
    const [value, empty] = [form[field], EMPTY_FORM[field]];
    return field !== "isConfirmed" && (Array.isArray(value) ? value.length > 0 : value !== empty);
  });
}
