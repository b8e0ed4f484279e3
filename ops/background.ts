import { runBackground } from "#lib/server/background/run-background.ts";
import { openServices } from "#lib/server/services.ts";

const services = await openServices(process.env);
const runner = await runBackground(services);
services.log.info("background work is running");

const stop = async () => {
  await runner.stop();
  await services.db.end({ timeout: 5 });
  process.exit(0);
};
process.once("SIGTERM", () => void stop());
process.once("SIGINT", () => void stop());
