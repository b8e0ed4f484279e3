import { z } from "zod";
import { splitList } from "./split-list.ts";

const WRONG = "must list origins as browsers name them, for example https://lab.example, separated by commas; neither * nor null";

/** Origins whose pages may read answers of the API, as a setting says them. */
export const corsOrigins = z
  .string()
  .default("")
  .transform(splitList)
  .refine((origins) => origins.every(isOrigin), { error: WRONG });

/** Exactly as it stands in the header Origin, so that comparing is all there is to do. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
