import { getTemplateFile, type TemplateId } from "#lib/protocol/templates/templates.ts";

/** Where a browser gets a file of a template. */
export function templateFileUrl(template: TemplateId, path: string): string {
  return `${getTemplateFile.path.replace("{template}", template)}?${new URLSearchParams({ path })}`;
}
