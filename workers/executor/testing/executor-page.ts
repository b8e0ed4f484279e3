import { type Remote, wrap } from "comlink";
import type { Executor } from "../executor-contract.ts";

declare global {
  /** Starts an executor in a worker of this page. Only pages opened by `openExecutorPage` have it. */
  var startExecutor: () => Remote<Executor>;
}

globalThis.startExecutor = () => {
  const worker = new Worker("/executor.worker.js");
  const { port1, port2 } = new MessageChannel();
  worker.postMessage("port", [port2]);
  return wrap<Executor>(port1);
};
