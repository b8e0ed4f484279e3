import { parentPort } from "node:worker_threads";
import { followOrder } from "./follow-order.ts";
import type { InspectionOrder } from "./inspection-contract.ts";

/* A thread that looks at programs, one order after the other; whoever started it ends it. */
parentPort?.on("message", async (order: InspectionOrder) => parentPort?.postMessage(await followOrder(order)));
