import { createApi } from "../api/api.ts";

/** The page's own instance; the session cookie goes with every call. */
export const api = createApi({ baseUrl: "" });
