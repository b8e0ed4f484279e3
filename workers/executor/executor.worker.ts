import { expose } from "comlink";
import { createExecutor } from "./executor.ts";

const executor = createExecutor();

// The page hands over one end of a channel; everything else goes through it.
self.onmessage = (event) => {
  const [port] = event.ports;
  if (event.data !== "port" || port === undefined) return;
  expose(executor, port);
  self.postMessage("listening");
};
