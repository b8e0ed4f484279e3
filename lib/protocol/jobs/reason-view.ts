import { z } from "zod";

/** Why something is as it is: a code of the error table with its parameters, and its English sentence. */
export const reasonView = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])), message: z.string() });
