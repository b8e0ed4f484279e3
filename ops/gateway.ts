import { exchangeDoor } from "#lib/server/exchange/exchange-door.ts";
import { serveDoors } from "#lib/server/http/serve-doors.ts";
import { openServices } from "#lib/server/services.ts";
import { endTracing } from "#lib/server/tracing/tracing.ts";

/** The exchange alone on a bare server, for deployments whose proxy sends /api/v1/exchange here; the rest stays with the app. */
const services = await openServices(process.env, "shoal gateway");
const server = serveDoors({ "POST /api/v1/exchange": exchangeDoor(async () => services) }, services.config.origin);
const port = Number(process.env.GATEWAY_PORT ?? 3100);
const host = process.env.GATEWAY_HOST ?? "127.0.0.1";
server.listen(port, host, () => services.log.info({ host, port }, "the gateway listens"));

const stop = () => {
  server.close(() => {
    void services.db
      .end({ timeout: 5 })
      .then(endTracing)
      .finally(() => process.exit(0));
  });
  server.closeIdleConnections();
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
