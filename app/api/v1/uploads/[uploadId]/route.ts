import { continueUpload, deleteUpload } from "#lib/protocol/artifacts/uploads.ts";
import { continueUpload as continueCommand } from "#lib/server/artifacts/uploads/continue-upload.ts";
import { deleteUpload as deleteCommand } from "#lib/server/artifacts/uploads/delete-upload.ts";
import { handle, handleUpload } from "#lib/server/http/handle.ts";

export const PUT = handleUpload(continueUpload, continueCommand);
export const DELETE = handle(deleteUpload, deleteCommand);
