import { createUpload } from "#lib/protocol/artifacts/uploads.ts";
import { createUpload as command } from "#lib/server/artifacts/uploads/create-upload.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(createUpload, command);
