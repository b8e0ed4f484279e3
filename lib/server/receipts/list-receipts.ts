import "server-only";
import { decideReceipt } from "#lib/domain/receipt/decide-receipt.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { listReceipts as listReceiptsEndpoint } from "#lib/protocol/receipts/receipts.ts";
import type { Context } from "../context.ts";
import { requireDevice } from "../principal.ts";
import { listReportedReplicas } from "./receipt-store.ts";

type Endpoint = typeof listReceiptsEndpoint;

/** The instance's side of a device's receipts. What others reported about the same shards is not there, whoever asks. */
export async function listReceipts(ctx: Context, { shards }: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { deviceId } = requireDevice(ctx.principal);
  const replicas = await listReportedReplicas(ctx.db, deviceId, shards);
  return {
    receipts: replicas.map(({ agreed, verdict, settledAt, priceMicro, reportedAt, ...replica }) => ({
      ...replica,
      ...decideReceipt({ outcome: replica.outcome, agreed, verdict }),
      reportedAt: reportedAt.toISOString(),
      earnedMicro: String(settledAt ? priceMicro : 0n),
    })),
  };
}
