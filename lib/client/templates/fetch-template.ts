import { jobFile } from "#lib/protocol/jobs/job-json.ts";
import { getTemplateFile, type TemplateId } from "#lib/protocol/templates/templates.ts";
import { api } from "../queries/api.ts";
import type { DroppedFile } from "../queries/submission/dropped-files.ts";

/** The files of a template that its job needs, as if its folder had been dropped. Throws what `api.open` throws. */
export async function fetchTemplate(template: TemplateId, signal: AbortSignal): Promise<DroppedFile[]> {
  const fetchFile = async (path: string): Promise<DroppedFile> => {
    const response = await api.open(getTemplateFile, { template, path }, { signal });
    return { path, file: new File([await response.blob()], path.slice(path.lastIndexOf("/") + 1)) };
  };
  const document = await fetchFile("job.json");
  const { program, input, files } = jobFile.parse(JSON.parse(await document.file.text()));
  const references = [program.artifact, ...(input ? [input] : []), ...files.map(({ artifact }) => artifact)];
  const paths = references.flatMap((reference) => ("path" in reference ? [reference.path] : []));
  return [document, ...(await Promise.all(paths.map(fetchFile)))];
}
