import { UsageError } from "../terminal.ts";

/** What an option or a file says as JSON, unchecked; refused in words that begin with its name where it is none. */
export function parseJson(name: string, text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
