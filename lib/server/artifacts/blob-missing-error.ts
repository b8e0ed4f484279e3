/** Thrown where bytes that should be here are not. */
export class BlobMissingError extends Error {
  override name = "BlobMissingError";
}
