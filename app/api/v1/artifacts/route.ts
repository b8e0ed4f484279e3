import { createArtifact } from "#lib/protocol/artifacts/artifacts.ts";
import { createArtifact as command } from "#lib/server/artifacts/create-artifact.ts";
import { handleUpload } from "#lib/server/http/handle.ts";

export const POST = handleUpload(createArtifact, command);
