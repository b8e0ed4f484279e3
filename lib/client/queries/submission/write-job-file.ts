import type { JobSubmission } from "#lib/domain/job/job.ts";
import type { JobFile } from "#lib/protocol/jobs/job-json.ts";
import type { JobForm } from "./job-form.ts";

/** A checked form as a job.json whose artifacts are the names of its files: dropped back in beside them it fills in the same form. */
export function writeJobFile(spec: JobSubmission, chosen: Pick<JobForm, "program" | "input" | "files" | "verifier" | "reducer">): JobFile {
  const { program, input, files, verifier, reducer } = chosen;
  const fileOf = new Map(files.map((shared) => [shared.name, shared.file]));
  const { verifier: own, ...verification } = spec.verification;
  return {
    ...spec,
    verification: { ...verification, ...(own ? { verifier: { ...own, artifact: { path: verifier?.name ?? "verifier.wasm" } } } : {}) },
    reducer: spec.reducer.kind === "wasi" ? { ...spec.reducer, artifact: { path: reducer?.name ?? "reducer.wasm" } } : spec.reducer,
    program: { ...spec.program, artifact: { path: program?.name ?? "program.wasm" } },
    ...(spec.input ? { input: { path: input?.name ?? "input" } } : {}),
    files: spec.files.map(({ name }) => ({ name, artifact: { path: fileOf.get(name)?.name ?? name } })),
  };
}
