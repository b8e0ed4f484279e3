import { getTemplateFile } from "#lib/protocol/templates/templates.ts";
import { handleDownload } from "#lib/server/http/handle.ts";
import { getTemplateFile as read } from "#lib/server/templates/get-template-file.ts";

export const GET = handleDownload(getTemplateFile, read);
