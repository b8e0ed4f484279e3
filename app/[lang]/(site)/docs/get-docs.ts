import { cache } from "react";
import { listDocs } from "#lib/server/docs/read-docs.ts";

/** Every page of the docs, read once for a page that is made. */
export const getDocs = cache(() => listDocs());
