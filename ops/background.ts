import { runBackground } from "#lib/server/background/run-background.ts";
import { openServices } from "#lib/server/services.ts";
import { endTracing } from "#lib/server/tracing/tracing.ts";

const services = await openServices(process.env);
const background = runBackground(services);

const stop = async () => {
  await background.stop();
  await services.db.end({ timeout: 5 });
  await endTracing();
  process.exit(0);
};
process.once("SIGTERM", () => void stop());
process.once("SIGINT", () => void stop());
