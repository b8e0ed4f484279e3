import "server-only";
import { getServices } from "../services.ts";
import { renderJson } from "./render.ts";

/**
 * 200 when the settings are right and the database answers, else 503 with what is wrong in words; details of the failure go to the log only. With `?live` it says
 * only that the process answers: one that waits for its database must not be ended for it.
 */
export async function reportHealth(request: Request): Promise<Response> {
  if (new URL(request.url).searchParams.has("live")) return renderJson({ status: "live" });
  try {
    const services = await getServices();
    try {
      await services.db`select 1`;
      return renderJson({ status: "ready" });
    } catch (error) {
      services.log.error({ err: error }, "the database does not answer");
      return renderJson({ status: "unavailable", problem: "the database does not answer" }, { status: 503 });
    }
  } catch (error) {
    return renderJson({ status: "unavailable", problem: error instanceof Error ? error.name : "settings" }, { status: 503 });
  }
}
