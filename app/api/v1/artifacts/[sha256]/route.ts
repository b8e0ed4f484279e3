import { getArtifact, putOutput } from "#lib/protocol/artifacts/artifacts.ts";
import { getArtifact as read } from "#lib/server/artifacts/get-artifact.ts";
import { putOutput as put } from "#lib/server/artifacts/put-output.ts";
import { handleDownload, handleUpload } from "#lib/server/http/handle.ts";

export const GET = handleDownload(getArtifact, read);
export const PUT = handleUpload(putOutput, put);
