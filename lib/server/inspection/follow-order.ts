import { findMinerSigns } from "#lib/domain/policy/find-miner-signs.ts";
import { inspectProgram } from "#lib/domain/program/inspect-program.ts";
import type { InspectionAnswer, InspectionOrder } from "./inspection-contract.ts";

/** Looks at a program here and now, which keeps this thread for as long as it takes. */
export async function followOrder(order: InspectionOrder): Promise<InspectionAnswer[InspectionOrder["kind"]]> {
  return order.kind === "inspect" ? await inspectProgram(order.bytes, order.memoryBytesMax) : findMinerSigns(order.bytes, order);
}
