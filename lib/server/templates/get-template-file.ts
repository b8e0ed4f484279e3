import "server-only";
import { createReadStream } from "node:fs";
import { basename, join } from "node:path";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getTemplateFile as endpoint } from "#lib/protocol/templates/templates.ts";
import { UNTRUSTED_BYTES_HEADERS } from "../artifacts/untrusted-bytes-headers.ts";
import type { Context } from "../context.ts";
import type { ByteAnswer } from "../http/handle.ts";
import { readTemplate, templateFolder } from "./read-template.ts";

/** A file of a template, for everybody. Only paths that the template lists are looked for; no other leads to the disk. */
export async function getTemplateFile(_ctx: Context, { template, path }: InputOf<typeof endpoint>): Promise<ByteAnswer> {
  const file = (await readTemplate(template)).files.find((listed) => listed.path === path);
  if (!file) throw new ApiError("not_found", { what: "file of the template" });
  return {
    status: 200,
    headers: {
      ...UNTRUSTED_BYTES_HEADERS,
      "cache-control": "public, max-age=300",
      "content-disposition": `attachment; filename="${basename(file.path)}"`,
      "content-length": String(file.bytes),
      "content-type": "application/octet-stream",
    },
    body: createReadStream(join(templateFolder(template), file.path)),
  };
}
