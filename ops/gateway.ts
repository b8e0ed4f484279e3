import { getProof } from "#lib/protocol/payouts/payouts.ts";
import { exchangeDoor } from "#lib/server/exchange/exchange-door.ts";
import { handle } from "#lib/server/http/handle.ts";
import { serveDoors } from "#lib/server/http/serve-doors.ts";
import { getProof as readProof } from "#lib/server/payouts/get-proof.ts";
import { openServices } from "#lib/server/services.ts";
import { endTracing } from "#lib/server/tracing/tracing.ts";

/** What many ask and cannot wait for, on a bare server, for deployments whose proxy sends it here; the rest stays with the app. */
const services = await openServices(process.env, "shoal gateway");
const given = async () => services;
const doors = {
  "POST /api/v1/exchange": exchangeDoor(given),
  [`${getProof.method} ${getProof.path}`]: handle(getProof, readProof, given),
};
const server = serveDoors(doors, services.config.origin);
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
