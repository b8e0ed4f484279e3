import { type MessagePort, parentPort } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter.mjs";
import { createExecutor } from "./executor.ts";

const executor = createExecutor();

// The parent hands over one end of a channel as { port }; everything else goes through it.
parentPort?.on("message", ({ port }: { port: MessagePort }) => expose(executor, nodeEndpoint(port)));
